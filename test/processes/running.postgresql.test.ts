import { AdminUpdateUserAttributesCommand } from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { TestDatabase } from '../support/database.js';
import { administer } from '../support/postgres.js';
import { type Environment, on, Processes, type RunningServer, until } from '../support/process.js';
import { poolClient } from './pool-client.js';

const processes = new Processes();
let database: TestDatabase;
let environment: Environment;
let server: RunningServer;

beforeAll(async () => {
  database = await processes.prepared();
  environment = await on(database);
  server = await processes.start(environment);
});
afterAll(() => processes.clear());

test('the probes of a server that runs say that it lives and is ready', async () => {
  const live = await fetch(`${server.origin}/livez`);
  expect([live.status, await live.json()]).toMatchObject([200, { status: 'live' }]);
  const ready = await fetch(`${server.origin}/readyz`);
  expect([ready.status, await ready.json()]).toMatchObject([
    200,
    { status: 'ready', checks: { database: 'ok', migrations: 'ok' } },
  ]);
});

describe('lifeguard token', () => {
  test('prints one line, a token that the server accepts', async () => {
    const { code, stdout, stderr } = await processes.lifeguard(
      ['token', 'ada@example.com'],
      environment,
    );
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    const { data } = await server.ask(
      '{ me { account { email } } viewer { roles } }',
      stdout.trim(),
    );
    expect(data).toEqual({
      me: { account: { email: 'ada@example.com' } },
      viewer: { roles: ['ADMIN'] },
    });
  });

  test.each([
    ['dan@example.com', 'User is disabled.\n'],
    ['nobody@example.com', 'Incorrect username or password.\n'],
    ['fay@example.com', 'fay@example.com has to do something first: NEW_PASSWORD_REQUIRED.\n'],
  ])('says why there is none for %s', async (email, stderr) => {
    const ended = await processes.lifeguard(['token', email], environment);
    expect(ended).toEqual({ code: 1, stdout: '', stderr });
  });

  test('prints one of a person who has another e-mail address by now', async () => {
    const pool = await poolClient(server.poolEndpoint);
    await pool.cognito.send(
      new AdminUpdateUserAttributesCommand({
        UserPoolId: pool.poolId,
        Username: 'sam',
        UserAttributes: [{ Name: 'email', Value: 'samuel@example.com' }],
      }),
    );
    pool.close();
    const ended = await processes.lifeguard(['token', 'sam@example.com'], environment);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
  });

  test('says to start a server where none runs', async () => {
    const { LOCAL_POOL_PORT } = await on(database);
    const nowhere = { ...environment, LOCAL_POOL_PORT: LOCAL_POOL_PORT ?? '' };
    expect(await processes.lifeguard(['token', 'ada@example.com'], nowhere)).toEqual({
      code: 1,
      stdout: '',
      stderr: `No local pool answers at http://127.0.0.1:${LOCAL_POOL_PORT}. Start the server first: npm start. If it runs, set LOCAL_POOL_PORT as it has it.\n`,
    });
  });
});

function outage(): void {
  test('a server whose database is gone lives, is not ready, and answers 503 without a word of it', async () => {
    const pool = await poolClient(server.poolEndpoint);
    const token = await pool.signIn('uma@example.com');
    pool.close();
    const me = '{ me { id } }';
    expect((await server.ask(me, token)).status).toBe(200);
    const name = new URL(environment.DATABASE_URL ?? '').pathname.slice(1);
    await administer(process.env.TEST_DATABASE_URL ?? '', `drop database ${name} with (force)`);

    const began = Date.now();
    const ready = await fetch(`${server.origin}/readyz`);
    expect(Date.now() - began).toBeLessThan(2000);
    const probed = await ready.text();
    expect([ready.status, JSON.parse(probed).checks.database]).toEqual([503, 'failing']);
    expect((await fetch(`${server.origin}/livez`)).status).toBe(200);
    // Who is remembered costs no statement, as long as what is remembered is trusted.
    await until(async () => (await server.ask(me, token)).status !== 200 || undefined);
    // The first one may meet a connection that was cut, the next ones find nothing to connect to.
    for (const _try of [1, 2, 3]) {
      const { status, headers, text, data, errors } = await server.ask(me, token);
      // Null where the viewer was still remembered, and what they asked for could not be read.
      expect([status, data ?? null]).toEqual([503, null]);
      expect(headers.get('retry-after')).toMatch(/^\d+$/);
      expect(errors).toMatchObject([{ extensions: { code: 'UNAVAILABLE', reason: 'database' } }]);
      for (const told of [text, probed]) {
        expect(told).not.toContain(name);
        expect(told).not.toMatch(/postgres|5432|connect|does not exist|3D000/i);
      }
    }
    expect(await server.end()).toMatchObject({ code: 0, stderr: '' });
    expect(server.output()).toContain('"msg":"a dependency is out of reach"');
    for (const withheld of [token, 'select ']) expect(server.output()).not.toContain(withheld);
  });
}

describe('on PostgreSQL', outage);
