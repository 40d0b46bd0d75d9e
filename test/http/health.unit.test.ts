import { expect, test } from '@jest/globals';
import { createHealth } from '../../src/http/health.js';
import { createLog } from '../../src/log/index.js';
import { fixtureServer } from './fixture-server.js';

const log = createLog({ level: 'silent' });

test('/livez says that the process runs, whatever the database does', async () => {
  const { app } = await fixtureServer({ database: () => Promise.reject(new Error('down')) });
  const answer = await app.inject('/livez');
  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toEqual({ status: 'live', version: '0.0.0' });
  await app.close();
});

test('/readyz is 200 with a reachable database, though no JWKS was loaded', async () => {
  const { app } = await fixtureServer();
  const answer = await app.inject('/readyz');
  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toEqual({
    status: 'ready',
    checks: { database: 'ok', migrations: 'ok', jwks: 'not loaded' },
  });
  await app.close();
});

test('/readyz is 503 without the database and says no more than that; the log says why', async () => {
  const server = await fixtureServer({
    database: () => Promise.reject(new Error('no route to db.internal')),
  });
  const answer = await server.app.inject('/readyz');
  expect(answer.statusCode).toBe(503);
  expect(answer.json()).toEqual({
    status: 'not ready',
    checks: { database: 'failing', migrations: 'ok', jwks: 'not loaded' },
  });
  expect(server.logText()).toContain('no route to db.internal');
  await server.app.close();
});

test('/readyz is 503 while migrations are missing', async () => {
  const { app } = await fixtureServer({ migrationsApplied: () => false });
  const answer = await app.inject('/readyz');
  expect(answer.statusCode).toBe(503);
  expect(answer.json().checks.migrations).toBe('failing');
  await app.close();
});

test('/readyz is 503 from draining on', async () => {
  const { app, drain } = await fixtureServer();
  drain();
  const answer = await app.inject('/readyz');
  expect(answer.statusCode).toBe(503);
  expect(answer.json().status).toBe('draining');
  await app.close();
});

test('a database that hangs is asked once however many probe, and fails them after a second', async () => {
  let asked = 0;
  const hanging = Promise.withResolvers<void>();
  const health = createHealth({
    database: () => {
      asked += 1;
      return hanging.promise;
    },
    migrationsApplied: () => true,
    jwks: () => 'loaded',
    log,
  });
  const before = performance.now();
  const readiness = await Promise.all([health.readiness(), health.readiness()]);
  expect(performance.now() - before).toBeLessThan(2000);
  expect(readiness.map(({ status }) => status)).toEqual(['not ready', 'not ready']);
  await health.readiness();
  expect(asked).toBe(1);
  hanging.resolve();
  expect((await health.readiness()).status).toBe('ready');
});

test('probes are answered however many requests are limited', async () => {
  const { app } = await fixtureServer({ limits: { requestsPerMinute: 1 } });
  for (let probe = 0; probe < 5; probe++) expect((await app.inject('/livez')).statusCode).toBe(200);
  await app.close();
});
