import { monitorEventLoopDelay } from 'node:perf_hooks';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { adminToken, hostileServer } from '../auth/hostile-server.js';
import { median } from '../support/median.js';
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
import type { HostileRequest } from './hostile/hostile-request.js';
import { memoryInUse } from './hostile/memory.js';
import { SLOW_CLIENTS } from './hostile/slow-clients.js';
import { TARGETS } from './hostile/targets.js';

const KINDS = {
  document: DOCUMENTS,
  body: BODIES,
  target: TARGETS,
  'sequence of bytes': BROKEN_BYTES,
};
const REQUESTS = Object.values(KINDS).flat();
const ROUNDS = 3;
/** Clients that say nothing, in each round. */
const SILENT = 200;
/** Bytes. */
const LARGEST_ANSWER = 65_536;
/** Milliseconds. */
const DEADLINE = 250;
/** Milliseconds for all of them; a busy machine takes its time. */
const PATIENCE = 180_000;
/** Bytes by which the memory of server and client may differ between rounds. */
const FLAT = 2_000_000;
/** Milliseconds: of the server's limits, and of Node.js, which looks for who is past them once in an interval. */
const REQUEST_TIMEOUT = 1_000;
const CONNECTION_TIMEOUT = 3_000;
const INTERVAL = 1_000;

/** What is kept of an answer: the memory of rounds is compared, so not the whole of it. */
interface Got {
  readonly told: string;
  readonly faults: readonly string[];
  readonly took: number;
  readonly size: number;
}
type Ending = Pick<RawAnswer, 'status' | 'took' | 'size'>;

const SERVED = bytesOf({
  headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
  body: '{"query":"{ viewer { kind } }"}',
});

let server: ProductionServer;
const answers = new Map<HostileRequest, Got[]>(REQUESTS.map((request) => [request, []]));
const slow = new Map<string, Ending[]>(SLOW_CLIENTS.map(([what]) => [what, []]));
const silent: Ending[] = [];
const served: number[] = [];
const memory: number[] = [];
const delays = monitorEventLoopDelay({ resolution: 5 });

beforeAll(async () => {
  server = await hostileServer({
    LIMIT_REQUEST_SECONDS: String(REQUEST_TIMEOUT / 1_000),
    LIMIT_CONNECTION_SECONDS: String(CONNECTION_TIMEOUT / 1_000),
  });
  for (let round = 0; round < ROUNDS; round++) {
    delays.enable();
    await playRound(round);
    delays.disable();
    memory.push(memoryInUse());
  }
}, PATIENCE);
afterAll(() => server.close());

/** All the requests, one after the other, while slow clients hold connections. */
async function playRound(round: number): Promise<void> {
  const { port } = server;
  const held = SLOW_CLIENTS.map(async ([what, , run]) =>
    slow.get(what)?.push(ending(await run(port))),
  );
  const unheard = Array.from({ length: SILENT }, async () => ending(await exchange(port, [])));
  served.push((await exchange(port, SERVED)).status);
  for (const [index, request] of REQUESTS.entries()) {
    const answer = await exchange(port, sent(request, isStranger(index, round)));
    const { took, size } = answer;
    const told = toldBy(answer, request.says !== undefined);
    answers.get(request)?.push({ told, faults: faultsOf(answer, request), took, size });
  }
  silent.push(...(await Promise.all(unheard)));
  await Promise.all(held);
}

const ending = ({ status, took, size }: RawAnswer): Ending => ({ status, took, size });

/** Each request is sent with and without a token, and each round has as many of both. */
const isStranger = (index: number, round: number) => (index + round) % 2 === 1;

function sent({ send }: HostileRequest, byStranger: boolean): Bytes {
  if (isBytes(send)) return send;
  if (byStranger) return bytesOf(send);
  const headers = { authorization: `Bearer ${adminToken}`, ...send.headers };
  return bytesOf({ ...send, headers });
}

function isBytes(send: HttpRequest | Bytes): send is Bytes {
  return Array.isArray(send);
}

/** In what an answer is no refusal: the request's fault, in the shape of every answer, with nothing of the inside. */
function faultsOf({ status, headers, body }: RawAnswer, { bare }: HostileRequest): string[] {
  if (bare) return body.includes('{') ? [body] : [];
  const { errors = [], data } = JSON.parse(body);
  const extensions = errors.map((error: { extensions: object }) => error.extensions);
  const requestId = headers.get('x-request-id');
  const faults: readonly (readonly [what: string, isThere: boolean])[] = [
    ['status', status < 400 || status > 499],
    [
      'content type',
      !/^application\/(graphql-response\+)?json/.test(headers.get('content-type') ?? ''),
    ],
    ['inside', /node_modules|\.js:\d|<html|Did you mean|stacktrace|INTERNAL/.test(body)],
    ['data', (data ?? null) !== null],
    ['no errors', extensions.length === 0],
    ['request id', extensions.some((of: { requestId?: string }) => of.requestId !== requestId)],
  ];
  return faults.filter(([, isThere]) => isThere).map(([what]) => `${what}: ${body}`);
}

/** The status and, where it matters, what the first error says. */
function toldBy({ status, body }: RawAnswer, says: boolean): string {
  if (!says) return String(status);
  const { code, reason } = JSON.parse(body).errors[0].extensions;
  return [status, code, reason].filter(Boolean).join(' ');
}

describe.each(Object.entries(KINDS))(
  'A hostile %s is refused in every round:',
  (_kind, requests) => {
    test.each(requests.map((request) => [request.what, request] as const))(
      '%s',
      (_what, request) => {
        const { status, says, forStrangers } = request;
        const told = [status, says].filter(Boolean).join(' ');
        const index = REQUESTS.indexOf(request);
        const got = answers.get(request) ?? [];
        expect(got.map((answer) => answer.told)).toEqual(
          Array.from({ length: ROUNDS }, (_value, round) =>
            isStranger(index, round) ? (forStrangers ?? told) : told,
          ),
        );
        expect(got.flatMap(({ faults }) => faults)).toEqual([]);
        expect(Math.max(...got.map(({ size }) => size))).toBeLessThan(LARGEST_ANSWER);
        // A busy machine may hold up one round, not two.
        expect(median(got.map(({ took }) => took))).toBeLessThan(DEADLINE);
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
  const [first = 0, ...others] = memory;
  for (const later of others) expect(later - first).toBeLessThan(FLAT);
});

describe('A slow client is cut off at the timeout in every round:', () => {
  function expectCutOff({ took, size }: Ending, timeout: number): void {
    // Client and server share a process: each is late by as much as that was, and so are timers.
    const late = 250 + (3 * delays.max) / 1e6;
    expect(took).toBeGreaterThan(timeout - late);
    expect(took).toBeLessThan(timeout + INTERVAL + late);
    expect(size).toBeLessThan(LARGEST_ANSWER);
  }

  test.each(SLOW_CLIENTS)('%s', (what, status) => {
    const got = slow.get(what) ?? [];
    expect(got.map((answer) => answer.status)).toEqual(Array(ROUNDS).fill(status));
    for (const answer of got)
      expectCutOff(answer, status === 408 ? REQUEST_TIMEOUT : CONNECTION_TIMEOUT);
  });

  test('two hundred of them at once, while others are served', () => {
    expect(silent.map(({ status }) => status)).toEqual(Array(ROUNDS * SILENT).fill(408));
    for (const answer of silent) expectCutOff(answer, REQUEST_TIMEOUT);
    expect(served).toEqual(Array(ROUNDS).fill(200));
  });
});

test('after all of it an operation is answered as before', async () => {
  const { status, body } = await exchange(server.port, SERVED);
  expect([status, body]).toEqual([200, '{"data":{"viewer":{"kind":"USER"}}}\n']);
});
