import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { AccessTokenVerifier } from '../../src/auth/access-token-verifier.js';
import type { JwksTiming } from '../../src/auth/jwks.js';
import { ELLIPTIC, FAULTS, forge, next, pool } from './jwks-faults.js';
import { type JwksServer, startJwksServer } from './jwks-server.js';

const NO_KEYS = { reason: 'jwks', code: 'UNAVAILABLE', retryAfter: 1 };

/** All but the timers of the server: these tests talk over real sockets. */
const REAL_TIMERS = [
  'Date',
  'hrtime',
  'nextTick',
  'performance',
  'queueMicrotask',
  'setImmediate',
  'clearImmediate',
  'setInterval',
  'clearInterval',
] as const;

/** Milliseconds; tests move it. */
let clock = Date.now();
let server: JwksServer;
const logged: object[] = [];
let verifier: AccessTokenVerifier;

beforeEach(async () => {
  clock = Date.now();
  logged.length = 0;
  server = await startJwksServer(forge.jwks());
  verifier = createVerifier();
});

afterEach(async () => {
  verifier.close();
  await server.close();
});

/** By default nothing is loaded but what a token causes, at least not while a test lasts. */
function createVerifier(timing: Partial<JwksTiming> = {}): AccessTokenVerifier {
  return new AccessTokenVerifier({
    pools: [{ ...pool, jwksUri: server.jwksUri }],
    log: { info: () => {}, warn: (fields) => logged.push(fields) },
    now: () => clock,
    jwksTiming: { retry: 60_000, timeout: 1_500, ...timing },
  });
}

function replaceVerifier(timing: Partial<JwksTiming>): void {
  verifier.close();
  verifier = createVerifier(timing);
}

/** Another token at each call, so that none is remembered. */
const fresh = (from = forge) => from.accessToken({ jti: randomUUID() });
const unknownKid = () => forge.sign(forge.header({ kid: randomUUID() }), forge.claims());

/** Has the keys loaded again, as a token with an unknown kid does after a while. */
async function reload(): Promise<void> {
  clock += 10_000;
  await expect(verifier.verify(unknownKid())).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 5_000;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error('It did not happen in 5 s.');
    await delay(10);
  }
}

const accepted = (token: string) =>
  verifier.verify(token).then(
    () => true,
    () => false,
  );

describe.each(FAULTS)('when the endpoint answers with %s', (_fault, answer) => {
  test('nobody is told that their token is bad, and the keys come when it recovers', async () => {
    server.serve(answer);
    verifier.start();
    await expect(verifier.verify(fresh())).rejects.toMatchObject(NO_KEYS);
    expect(verifier.jwks()).toMatchObject([{ keys: 0, lastError: expect.any(String) }]);
    server.serve(forge.jwks());
    clock += 60_000;
    expect(await accepted(fresh())).toBe(true);
    expect(verifier.jwks()).toMatchObject([{ keys: 1, lastError: undefined }]);
  });

  test('the keys at hand stay good', async () => {
    const remembered = fresh();
    await verifier.verify(remembered);
    server.serve(answer);
    await reload();
    expect(logged).toHaveLength(1);
    expect(verifier.remembered(remembered)).toBeDefined();
    expect(await accepted(fresh())).toBe(true);
    expect(verifier.jwks()).toMatchObject([{ keys: 1, lastError: expect.any(String) }]);
  });
});

describe('a redirect', () => {
  test.each([301, 302, 303, 307, 308])('with the status %d is not followed', async (status) => {
    const elsewhere = await startJwksServer(next.jwks());
    server.serve((response: ServerResponse) => {
      response.writeHead(status, { location: elsewhere.jwksUri }).end();
    });
    try {
      await expect(verifier.verify(fresh(next))).rejects.toMatchObject(NO_KEYS);
      expect(elsewhere.requests).toEqual([]);
    } finally {
      await elsewhere.close();
    }
  });
});

describe('an endpoint out of reach', () => {
  test('does not hinder the start, and the keys come by themselves when it is there', async () => {
    const port = Number(new URL(server.origin).port);
    await server.close();
    replaceVerifier({ retry: 20 });
    verifier.start();
    await expect(verifier.verify(fresh())).rejects.toMatchObject(NO_KEYS);
    server = await startJwksServer(forge.jwks(), port);
    await until(() => verifier.jwks().every(({ keys }) => keys === 1));
    expect(await accepted(fresh())).toBe(true);
    expect(server.requests).toHaveLength(1);
  });

  test('is asked once for a crowd, and not again within the time of a retry', async () => {
    server.serve((response: ServerResponse) => response.writeHead(500).end());
    const refused = () => expect(verifier.verify(fresh())).rejects.toMatchObject(NO_KEYS);
    await Promise.all(Array.from({ length: 50 }, refused));
    expect(server.requests).toHaveLength(1);
    clock += 59_999;
    await Promise.all(Array.from({ length: 50 }, refused));
    expect(server.requests).toHaveLength(1);
    clock += 1;
    await Promise.all(Array.from({ length: 50 }, refused));
    expect(server.requests).toHaveLength(2);
  });

  test('that hangs holds a request up for no longer than the timeout', async () => {
    server.serve(() => {});
    const before = performance.now();
    await expect(verifier.verify(fresh())).rejects.toMatchObject(NO_KEYS);
    expect(performance.now() - before).toBeLessThan(2_000);
  });

  test('is asked less and less often', async () => {
    server.serve((response: ServerResponse) => response.writeHead(500).end());
    replaceVerifier({ retry: 20, longestRetry: 60_000 });
    verifier.start();
    await delay(1_000);
    // After 0, 20, 60, 140, 300 and 620 ms, or later on a busy machine.
    expect(server.requests.length).toBeGreaterThanOrEqual(3);
    expect(server.requests.length).toBeLessThanOrEqual(6);
  });

  test('is told in the log without anything of its answer', async () => {
    server.serve((response: ServerResponse) => response.end('{"secret": tru'));
    await expect(verifier.verify(fresh())).rejects.toMatchObject(NO_KEYS);
    expect(verifier.jwks()[0]?.lastError).toBe('The answer is no JSON.');
    expect(logged).toMatchObject([{ poolId: pool.id, keys: 0, err: expect.anything() }]);
  });
});

describe('a set of keys', () => {
  test('may have others in it that are left out', async () => {
    const others = [null, { ...ELLIPTIC, kid: 'ec' }, { kty: 'RSA' }];
    server.serve({ keys: [...others, forge.jwk(), next.jwk()], more: true });
    expect(await accepted(fresh())).toBe(true);
    expect(await accepted(fresh(next))).toBe(true);
    expect(verifier.jwks()).toMatchObject([{ poolId: pool.id, keys: 2 }]);
  });

  test('may leave out what a key is for', async () => {
    server.serve({ keys: [{ ...forge.jwk(), alg: undefined, use: undefined }] });
    expect(await accepted(fresh())).toBe(true);
  });

  test('may be just under 1 MB', async () => {
    server.serve({ ...forge.jwks(), padding: 'x'.repeat(999_000) });
    expect(await accepted(fresh())).toBe(true);
  });

  test('says when it was loaded', async () => {
    expect(verifier.jwks()).toMatchObject([{ keys: 0, loadedAt: undefined }]);
    await verifier.verify(fresh());
    expect(verifier.jwks()).toMatchObject([{ keys: 1, loadedAt: new Date(clock) }]);
  });
});

describe('a key that is not known', () => {
  test('is accepted at once after a rotation', async () => {
    await verifier.verify(fresh());
    server.serve({ keys: [forge.jwk(), next.jwk()] });
    expect(await accepted(fresh(next))).toBe(true);
    expect(await accepted(fresh())).toBe(true);
    expect(server.requests).toHaveLength(2);
  });

  test('is looked for once, whatever the number of tokens that name it', async () => {
    await verifier.verify(fresh());
    server.serve({ keys: [forge.jwk(), next.jwk()] });
    const results = await Promise.all(Array.from({ length: 50 }, () => accepted(fresh(next))));
    expect(results).toEqual(Array.from({ length: 50 }, () => true));
    expect(server.requests).toHaveLength(2);
  });

  test('is looked for at most once in 10 seconds', async () => {
    await verifier.verify(fresh());
    await Promise.all(Array.from({ length: 20 }, async () => accepted(unknownKid())));
    clock += 9_999;
    for (let round = 0; round < 20; round += 1) expect(await accepted(unknownKid())).toBe(false);
    expect(server.requests).toHaveLength(2);
    clock += 1;
    server.serve({ keys: [forge.jwk(), next.jwk()] });
    expect(await accepted(fresh(next))).toBe(true);
    expect(server.requests).toHaveLength(3);
  });

  test('does not make a clock that was set back hold up the search', async () => {
    await verifier.verify(fresh());
    await accepted(unknownKid());
    clock -= 3_600_000;
    server.serve({ keys: [next.jwk()] });
    const issuedBefore = next.accessToken({ iat: Math.floor(clock / 1000), auth_time: undefined });
    expect(await accepted(issuedBefore)).toBe(true);
  });

  test('is not looked for on behalf of a token that fails anyway', async () => {
    await verifier.verify(fresh());
    const expired = { exp: Math.floor(clock / 1000) - 1 };
    await accepted(forge.sign(forge.header({ kid: 'unknown' }), forge.claims(expired)));
    await accepted(forge.sign(forge.header({ kid: 'unknown' }), forge.claims({ client_id: 'x' })));
    expect(server.requests).toHaveLength(1);
  });
});

describe('the refresh', () => {
  test('takes a withdrawn key away within 15 minutes', async () => {
    jest.useFakeTimers({ doNotFake: [...REAL_TIMERS] });
    verifier.close();
    const trusted = { ...pool, jwksUri: server.jwksUri };
    verifier = new AccessTokenVerifier({
      pools: [trusted],
      log: { info: () => {}, warn: () => {} },
    });
    verifier.start();
    const token = fresh();
    await verifier.verify(token);
    server.serve(next.jwks());
    jest.advanceTimersByTime(14 * 60_000);
    jest.useRealTimers();
    await until(() => verifier.remembered(token) === undefined);
  });

  test('takes a withdrawn key away, and the tokens remembered by it, without any request', async () => {
    replaceVerifier({ refresh: 20 });
    verifier.start();
    const token = fresh();
    await verifier.verify(token);
    expect(verifier.remembered(token)).toBeDefined();
    server.serve(next.jwks());
    await until(() => verifier.remembered(token) === undefined);
    await expect(verifier.verify(token)).rejects.toMatchObject({ reason: 'invalid' });
    expect(await accepted(fresh(next))).toBe(true);
  });

  test('goes on after a failure, the keys at hand staying good meanwhile', async () => {
    replaceVerifier({ refresh: 20, retry: 20 });
    verifier.start();
    const token = fresh();
    await verifier.verify(token);
    server.serve({ keys: [] });
    await until(() => logged.length > 0);
    expect(verifier.remembered(token)).toBeDefined();
    server.serve(next.jwks());
    await until(() => verifier.remembered(token) === undefined);
  });

  test('ends with close, and an answer under way is given up', async () => {
    replaceVerifier({ refresh: 20, timeout: 60_000 });
    await verifier.verify(fresh());
    server.serve(() => {});
    await until(() => server.requests.length === 2);
    verifier.close();
    await delay(100);
    expect(server.requests).toHaveLength(2);
    expect(logged).toEqual([]);
  });
});
