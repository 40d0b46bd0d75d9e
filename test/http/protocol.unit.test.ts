import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type FixtureServer, fixtureServer } from './fixture-server.js';

let server: FixtureServer;
let port: number;
beforeAll(async () => {
  server = await fixtureServer({ limits: { requestTimeout: 1, connectionTimeout: 2 } });
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

interface RawAnswer {
  readonly status: number;
  readonly head: string;
  readonly errors: { message: string; extensions: Record<string, unknown> }[];
}

function parsed(answer: string): RawAnswer {
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  return { status: Number(head.split(' ')[1]), head, errors: JSON.parse(body).errors };
}

const request = (...headers: readonly string[]) =>
  ['POST /graphql HTTP/1.1', 'Connection: close', ...headers, '', ''].join('\r\n');
const host = 'Host: localhost';
const json = 'Content-Type: application/json';

describe('What is no request is refused in the shape of a GraphQL answer:', () => {
  test.each([
    ['noise', ['\u0000\u0001\u0002\r\n\r\n'], 400],
    ['another protocol', ['SSH-2.0-client\r\n\r\n'], 400],
    ['a header without a colon', [`GET /livez HTTP/1.1\r\n${host}\r\nnonsense\r\n\r\n`], 400],
    [
      'a header of control characters',
      [`GET /livez HTTP/1.1\r\n${host}\r\nA: \u0001\r\n\r\n`],
      400,
    ],
    ['two lengths', [request(host, json, 'Content-Length: 2', 'Content-Length: 3'), '{}'], 400],
    [
      'a length and chunks',
      [request(host, json, 'Content-Length: 2', 'Transfer-Encoding: chunked'), '{}'],
      400,
    ],
    [
      'a chunk that is none',
      [request(host, json, 'Transfer-Encoding: chunked'), 'zz\r\n{}\r\n'],
      400,
    ],
    ['an HTTP version that is none', [`GET / HTTP/9.9\r\n${host}\r\n\r\n`], 400],
    ['headers of more than 16 KiB', [request(host, `X-Long: ${'x'.repeat(17_000)}`)], 431],
    ['a hundred thousand headers', [request(host, ...Array<string>(20_000).fill('A: b'))], 431],
    ['a body that does not come', [request(host, json, 'Content-Length: 100'), '{'], 408],
    ['a head that does not come', ['POST /graphql HTTP/1.1\r\nHost: local'], 408],
    ['a body that says it is too large', [request(host, json, 'Content-Length: 100001'), '{'], 413],
  ])('%s', async (_what, pieces, status) => {
    const answer = await send(...pieces);
    const { head, errors, ...rest } = parsed(answer);
    expect(rest.status).toBe(status);
    expect(head).toMatch(/content-type: application\/json; charset=utf-8/i);
    expect(head).toMatch(/connection: close/i);
    expect(errors).toEqual([
      {
        message: expect.any(String),
        extensions: expect.objectContaining({
          code: 'BAD_USER_INPUT',
          reason: expect.any(String),
          requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        }),
      },
    ]);
    expect(answer.length).toBeLessThan(2000);
  });

  test.each([
    ['no host (HTTP/1.0)', 'GET /livez HTTP/1.0\r\n\r\n', 400],
    ['a host that is none', 'GET /livez HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n', 400],
    [
      'a foreign host',
      'GET /livez HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n',
      403,
    ],
    [
      'a target with a foreign host',
      'GET http://evil.example/livez HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n',
      403,
    ],
  ])('%s', async (_what, bytes, status) => {
    expect(parsed(await send(bytes)).status).toBe(status);
  });
});

test('a connection on which nothing comes is ended', async () => {
  const before = performance.now();
  await send();
  expect(performance.now() - before).toBeLessThan(4000);
});

test('a connection is kept for a second request', async () => {
  const first = `GET /livez HTTP/1.1\r\n${host}\r\n\r\n`;
  const answer = await send(first, first.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'));
  expect(answer.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(2);
});

test('the log of a refused connection has no byte of it', async () => {
  await send('secret-noise\r\n\r\n');
  await sleep(10);
  expect(server.logText()).not.toContain('secret-noise');
  expect(server.logText()).toContain('an unreadable request was refused');
});
