import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { adminToken, hostileServer } from '../auth/hostile-server.js';
import type { ProductionServer } from '../support/production-server.js';
import { BODIES } from './hostile/bodies.js';
import { BROKEN_BYTES } from './hostile/broken-bytes.js';
import { DOCUMENTS } from './hostile/documents.js';
import {
  type Bytes,
  bytesOf,
  exchange,
  type HttpRequest,
  type RawAnswer,
} from './hostile/exchange.js';
import { heapInUse } from './hostile/heap.js';
import type { HostileRequest } from './hostile/hostile-request.js';
import { SLOW_CLIENTS, silentConnections } from './hostile/slow-clients.js';
import { TARGETS } from './hostile/targets.js';

const KINDS = {
  document: DOCUMENTS,
  body: BODIES,
  target: TARGETS,
  'sequence of bytes': BROKEN_BYTES,
};
const REQUESTS = Object.values(KINDS).flat();
const ROUNDS = 3;
/** Bytes. */
const LARGEST_ANSWER = 65_536;
/** Milliseconds. */
const DEADLINE = 250;
/** Milliseconds for all of them; a busy machine takes its time. */
const PATIENCE = 180_000;
/** Bytes by which the heap of server and client may differ between rounds. */
const FLAT = 3_000_000;

let server: ProductionServer;
const answers = new Map<HostileRequest, RawAnswer[]>(REQUESTS.map((request) => [request, []]));
const heap: number[] = [];

beforeAll(async () => {
  server = await hostileServer({ LIMIT_REQUEST_SECONDS: '1', LIMIT_CONNECTION_SECONDS: '3' });
  for (let round = 0; round < ROUNDS; round++) {
    for (const request of REQUESTS)
      answers.get(request)?.push(await exchange(server.port, sent(request)));
    heap.push(heapInUse());
  }
}, PATIENCE);
afterAll(() => server.close());

function sent({ send }: HostileRequest): Bytes {
  if (isBytes(send)) return send;
  const headers = { authorization: `Bearer ${adminToken}`, ...send.headers };
  return bytesOf({ ...send, headers });
}

function isBytes(send: HttpRequest | Bytes): send is Bytes {
  return Array.isArray(send);
}

/** Refused as the request's fault, in the shape of every answer, with nothing of the inside. */
function expectRefusal({ status, headers, body }: RawAnswer, { says, bare }: HostileRequest): void {
  expect(status).toBeGreaterThanOrEqual(400);
  expect(status).toBeLessThan(500);
  if (bare) {
    expect(body).not.toContain('{');
    return;
  }
  expect(headers.get('content-type')).toMatch(/^application\/(graphql-response\+)?json/);
  expect(body).not.toMatch(/node_modules|\.js:\d|<html|Did you mean|stacktrace/);
  const { errors, data } = JSON.parse(body);
  expect(data ?? null).toBeNull();
  expect(errors.length).toBeGreaterThan(0);
  for (const { extensions } of errors) {
    expect(extensions.code).not.toBe('INTERNAL_SERVER_ERROR');
    expect(extensions.requestId).toBe(headers.get('x-request-id'));
  }
  const { code, reason } = errors[0].extensions;
  if (says !== undefined) expect([code, reason].filter(Boolean).join(' ')).toBe(says);
}

describe.each(Object.entries(KINDS))(
  'A hostile %s is refused in every round:',
  (_kind, requests) => {
    test.each(requests.map((request) => [request.what, request] as const))(
      '%s',
      (_what, request) => {
        const got = answers.get(request) ?? [];
        expect(got.map(({ status }) => status)).toEqual(Array(ROUNDS).fill(request.status));
        for (const answer of got) expectRefusal(answer, request);
        expect(Math.max(...got.map(({ size }) => size))).toBeLessThan(LARGEST_ANSWER);
        // A busy machine may hold up one round, not all of them.
        expect(Math.min(...got.map(({ took }) => took))).toBeLessThan(DEADLINE);
      },
    );
  },
);

test('there are 254 hostile requests and 11 slow clients, all different', () => {
  expect([REQUESTS.length, SLOW_CLIENTS.length]).toEqual([254, 11]);
  expect(new Set(REQUESTS.map(({ send }) => JSON.stringify(send))).size).toBe(REQUESTS.length);
  expect(new Set(REQUESTS.map(({ what }) => what)).size).toBe(REQUESTS.length);
});

test('the memory is flat from round to round', () => {
  const [first = 0, ...others] = heap;
  for (const later of others) expect(later - first).toBeLessThan(FLAT);
});

describe('A slow client is cut off at the request timeout:', () => {
  // Milliseconds: the longer timeout, the interval of checks, and time for a busy machine.
  const CUT_OFF = 3_000 + 1_000 + 4_000;
  const cutOff = new Map<string, Promise<RawAnswer>>();
  beforeAll(async () => {
    for (const [what, , run] of SLOW_CLIENTS) cutOff.set(what, run(server.port));
    await Promise.all(cutOff.values());
  });

  test.each(SLOW_CLIENTS)('%s', async (what, status) => {
    const answer = await cutOff.get(what);
    expect(answer?.status).toBe(status);
    expect(answer?.took).toBeLessThan(CUT_OFF);
    expect(answer?.size).toBeLessThan(LARGEST_ANSWER);
  });

  test('two hundred of them at once leave others served', async () => {
    const silent = silentConnections(server.port, 200);
    const good = bytesOf({
      headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
      body: '{"query":"{ viewer { kind } }"}',
    });
    expect((await exchange(server.port, good)).status).toBe(200);
    await silent;
  });
});

test('after all of it an operation is answered as before', async () => {
  const headers = { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' };
  const answer = await exchange(
    server.port,
    bytesOf({ headers, body: '{"query":"{ viewer { kind } }"}' }),
  );
  expect([answer.status, answer.body]).toEqual([200, '{"data":{"viewer":{"kind":"USER"}}}\n']);
});
