import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { json } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { fastify } from 'fastify';
import { closeGracefully } from '../../src/http/graceful-close.js';
import { createHealth, type Health } from '../../src/http/health.js';
import { createLog } from '../../src/log/index.js';
import { fixtureServer } from './fixture-server.js';

interface Answer {
  readonly status: number | undefined;
  readonly connection: string | undefined;
  readonly body: unknown;
}

function query(port: number, document: string, agent: Agent): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const outgoing = request(
    {
      port,
      host: '127.0.0.1',
      path: '/graphql',
      method: 'POST',
      agent,
      headers: { 'content-type': 'application/json' },
    },
    async (incoming) =>
      resolve({
        status: incoming.statusCode,
        connection: incoming.headers.connection,
        body: await json(incoming),
      }),
  );
  outgoing.on('error', reject);
  outgoing.end(JSON.stringify({ query: document }));
  return promise;
}

function silentHealth(): Health {
  return createHealth({
    database: async () => undefined,
    migrationsApplied: () => true,
    jwks: () => 'loaded',
    log: createLog({ level: 'silent' }),
  });
}

test('close() finishes requests under way or on their way, accepts no new one and ends idle connections', async () => {
  const server = await fixtureServer();
  const port = await server.listen();
  const agent = new Agent({ keepAlive: true });
  // Two connections: one will be idle, one busy.
  await Promise.all([query(port, '{ hello }', agent), query(port, '{ hello }', agent)]);
  const slow = query(port, '{ slow(milliseconds: 600) }', agent);
  await sleep(100);

  const before = performance.now();
  const closed = server.app.close();
  await sleep(50);
  // On the connection that idles, whose client knows nothing of it.
  expect(await query(port, '{ hello }', agent)).toMatchObject({ status: 200, connection: 'close' });
  await expect(query(port, '{ hello }', new Agent())).rejects.toMatchObject({
    code: 'ECONNREFUSED',
  });
  expect(await slow).toEqual({
    status: 200,
    connection: 'close',
    body: { data: { slow: 'done' } },
  });
  await closed;
  expect(performance.now() - before).toBeLessThan(3000);
  agent.destroy();
});

test('a connection that came before the close is not turned away unread', async () => {
  const app = fastify({ forceCloseConnections: 'idle', return503OnClosing: false });
  closeGracefully(app, silentHealth(), { farewell: 100, deadline: 5000 });
  app.get('/', async () => 'here');
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  // The system takes it; the server has not seen it when it is told to close.
  const socket = connect(Number(new URL(url).port), '127.0.0.1').setEncoding('utf8');
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  const closed = app.close();
  const answer = (await socket.toArray()).join('');
  expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*connection: close\r\n[\s\S]*here$/i);
  await closed;
});

test('what is still under way at the deadline is cut', async () => {
  const app = fastify({ forceCloseConnections: 'idle' });
  closeGracefully(app, silentHealth(), { farewell: 0, deadline: 300 });
  app.get('/', () => sleep(60_000, undefined, { ref: false }));
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await sleep(100);
  const before = performance.now();
  await app.close();
  expect(performance.now() - before).toBeLessThan(2000);
  socket.destroy();
});
