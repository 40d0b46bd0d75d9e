import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type FixtureServer, fixtureServer } from './fixture-server.js';

let server: FixtureServer;
let port: number;
beforeAll(async () => {
  server = await fixtureServer();
  port = await server.listen();
});
afterAll(async () => server.app.close());

/** Sends bytes as they are and gives what comes back until the server ends the connection. */
async function send(...pieces: readonly string[]): Promise<string> {
  const socket: Socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  for (const piece of pieces) socket.write(piece);
  return text(socket);
}

test('a connection is kept for a second request', async () => {
  const first = `GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n`;
  const answer = await send(first, first.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'));
  expect(answer.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(2);
});

test('the log of a refused connection has no byte of it', async () => {
  await send('secret-noise\r\n\r\n');
  await sleep(10);
  expect(server.logText()).not.toContain('secret-noise');
  expect(server.logText()).toContain('an unreadable request was refused');
});
