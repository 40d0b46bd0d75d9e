import { setTimeout as sleep } from 'node:timers/promises';
import { AdminGetUserCommand } from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { FaultSettings } from '../../../src/local-pool/development/index.js';
import { type SignInPage, startSignInPage } from '../sign-in-page/sign-in-page.js';
import { type Place, sendByHand, type TestPool } from '../test-pool.js';
import { ask, type JsonAnswer } from './json.js';

let page: SignInPage;
let pool: TestPool;
let place: Place;

beforeAll(async () => {
  page = await startSignInPage();
  ({ pool, place } = page);
  await pool.addUser(place, 'uma');
});
afterEach(() => pool.localPool.faults.clear());
afterAll(() => pool.close());

const switches = (operations: readonly object[], jwks = 'ok') =>
  ask(pool.localPool, 'PUT', '/local-pool/faults', { operations, jwks });
const current = async (): Promise<FaultSettings> =>
  (await ask(pool.localPool, 'GET', '/local-pool/faults')).body;

type Answer = Pick<JsonAnswer, 'status' | 'body'>;

async function call(operation: string, input: object = {}, signal?: AbortSignal): Promise<Answer> {
  const ofUma = { UserPoolId: place.poolId, Username: 'uma', ...input };
  const response = await sendByHand(pool, operation, ofUma, signal);
  return { status: response.status, body: await response.json() };
}

/** The code of the error of a connection that was lost. */
const lossOf = (request: Promise<unknown>) =>
  request.then(
    () => 'answered',
    (error: unknown) => Reflect.get(Object(Reflect.get(Object(error), 'cause')), 'code'),
  );

/** Lets requests reach the local pool. */
const received = async (operation: string, times: number) => {
  const calls = () => pool.localPool.calls.get(operation) ?? 0;
  const before = calls();
  return async () => {
    while (calls() < before + times) await sleep(5);
  };
};

describe('a call', () => {
  test('that is throttled is answered as over quota, and does nothing', async () => {
    await switches([{ match: 'AdminDisableUser', fault: 'throttling' }]);
    expect(await call('AdminDisableUser')).toEqual({
      status: 400,
      body: { __type: 'TooManyRequestsException', message: 'Rate exceeded' },
    });
    expect((await call('AdminGetUser')).body.Enabled).toBe(true);
  });

  test('that meets an error is answered with status 500', async () => {
    await switches([{ match: 'AdminGetUser', fault: 'error' }]);
    expect(await call('AdminGetUser')).toMatchObject({
      status: 500,
      body: { __type: 'InternalErrorException' },
    });
  });

  test('goes through the SDK by the names that it knows', async () => {
    await switches([{ match: 'AdminGetUser', fault: 'throttling' }]);
    const get = pool.cognito.send(
      new AdminGetUserCommand({ UserPoolId: place.poolId, Username: 'uma' }),
    );
    await expect(get).rejects.toMatchObject({ name: 'TooManyRequestsException' });
  });

  test('with latency is answered, that much later', async () => {
    await switches([{ match: 'AdminGetUser', fault: 'latency', milliseconds: 300 }]);
    const began = performance.now();
    expect((await call('AdminGetUser')).status).toBe(200);
    expect(performance.now() - began).toBeGreaterThanOrEqual(295);
  });

  test('that is reset loses its connection at once', async () => {
    await switches([{ match: 'AdminGetUser', fault: 'reset' }]);
    expect(await lossOf(call('AdminGetUser'))).toBe('ECONNRESET');
  });

  test('that hangs is never answered, and cut off when the switch is cleared', async () => {
    await switches([{ match: 'AdminDisableUser', fault: 'hang' }]);
    const arrived = await received('AdminDisableUser', 1);
    const loss = lossOf(call('AdminDisableUser'));
    await arrived();
    expect(await Promise.race([loss, sleep(300, 'still waiting')])).toBe('still waiting');
    await ask(pool.localPool, 'DELETE', '/local-pool/faults');
    expect(await loss).toMatch(/^(UND_ERR_SOCKET|ECONNRESET)$/);
    expect((await call('AdminGetUser')).body.Enabled).toBe(true);
  });

  test.each([
    ['hangs', { fault: 'hang' }],
    ['is late', { fault: 'latency', milliseconds: 400 }],
  ])('that %s and was given up does not happen after all', async (_what, fault) => {
    await switches([{ match: 'AdminDisableUser', ...fault }]);
    const giveUp = new AbortController();
    const arrived = await received('AdminDisableUser', 1);
    const given = call('AdminDisableUser', {}, giveUp.signal);
    const refused = expect(given).rejects.toThrow('aborted');
    await arrived();
    giveUp.abort();
    await refused;
    await sleep(600);
    expect((await call('AdminGetUser')).body.Enabled).toBe(true);
  });

  test('by the sign-in page meets no fault: the switches are about the API', async () => {
    await switches([{ match: '*', fault: 'throttling' }]);
    expect(await page.code('uma')).toMatch(/\S/);
    expect((await call('AdminGetUser')).status).toBe(400);
  });

  test('of an unknown operation is refused before any switch', async () => {
    await switches([{ match: '*', fault: 'throttling' }]);
    expect((await call('AdminForgetDevice')).body.__type).toBe('UnknownOperationException');
  });
});

describe('a switch', () => {
  test.each([
    ['an operation', 'AdminGetUser', [true, false, false]],
    ['a quota category', 'UserUpdate', [false, true, false]],
    ['all of them', '*', [true, true, true]],
  ])('is about %s', async (_what, match, expected) => {
    await switches([{ match, fault: 'throttling' }]);
    const struck: boolean[] = [];
    for (const operation of ['AdminGetUser', 'AdminEnableUser', 'ListUsers'])
      struck.push((await call(operation)).body.__type === 'TooManyRequestsException');
    expect(struck).toEqual(expected);
  });

  test('that stands first strikes', async () => {
    await switches([
      { match: 'AdminGetUser', fault: 'error' },
      { match: 'UserRead', fault: 'throttling' },
    ]);
    expect((await call('AdminGetUser')).body.__type).toBe('InternalErrorException');
    expect((await call('GetUser')).body.__type).toBe('TooManyRequestsException');
  });

  test('strikes exactly as often as it says, also when many call at once', async () => {
    await switches([
      { match: 'AdminGetUser', fault: 'throttling', times: 7 },
      { match: 'UserRead', fault: 'error', times: 5 },
    ]);
    const answers = await Promise.all(Array.from({ length: 30 }, () => call('AdminGetUser')));
    const statuses = answers.map(({ status, body }) => body.__type ?? status);
    expect(statuses.filter((status) => status === 'TooManyRequestsException')).toHaveLength(7);
    expect(statuses.filter((status) => status === 'InternalErrorException')).toHaveLength(5);
    expect(statuses.filter((status) => status === 200)).toHaveLength(18);
    expect(await current()).toEqual({ operations: [], jwks: 'ok' });
  });

  test('tells how often it strikes yet', async () => {
    await switches([{ match: 'UserRead', fault: 'throttling', times: 3 }]);
    await call('AdminGetUser');
    expect(await current()).toEqual({
      operations: [{ match: 'UserRead', fault: 'throttling', times: 2 }],
      jwks: 'ok',
    });
  });

  test('is one of the process: another one of the same database has none', async () => {
    await switches([{ match: '*', fault: 'throttling' }], 'empty');
    const other = await pool.another();
    try {
      expect((await ask(other, 'GET', '/local-pool/faults')).body).toEqual({
        operations: [],
        jwks: 'ok',
      });
    } finally {
      await other.close();
    }
  });

  test('can be set by the process itself', async () => {
    pool.localPool.faults.set({ operations: [{ match: 'UserRead', fault: 'error' }] });
    expect((await call('AdminGetUser')).status).toBe(500);
    expect(await current()).toEqual({
      operations: [{ match: 'UserRead', fault: 'error' }],
      jwks: 'ok',
    });
    pool.localPool.faults.clear();
    expect((await call('AdminGetUser')).status).toBe(200);
  });
});

describe('a clock that is off', () => {
  test.each([30, -30])('by %i seconds shows in the Date of answers', async (clockAhead) => {
    pool.localPool.faults.set({ clockAhead });
    expect(await current()).toEqual({ operations: [], jwks: 'ok', clockAhead });
    const { headers } = await ask(pool.localPool, 'GET', '/local-pool/faults');
    const ahead = Date.parse(headers.get('date') ?? '') - Date.now();
    expect(Math.abs(ahead - clockAhead * 1000)).toBeLessThan(15_000);
    pool.localPool.faults.clear();
    const { headers: right } = await ask(pool.localPool, 'GET', '/local-pool/faults');
    expect(Math.abs(Date.parse(right.get('date') ?? '') - Date.now())).toBeLessThan(15_000);
  });
});

describe('PUT /local-pool/faults', () => {
  test('replaces all of them, and answers with what is on now', async () => {
    await switches([{ match: 'AdminGetUser', fault: 'error' }], 'slow');
    const operations = [{ match: 'UserList', fault: 'latency', milliseconds: 20, times: 2 }];
    const { status, body } = await switches(operations, 'empty');
    expect([status, body]).toEqual([200, { operations, jwks: 'empty' }]);
    expect(await current()).toEqual({ operations, jwks: 'empty' });
    expect((await ask(pool.localPool, 'PUT', '/local-pool/faults', {})).body).toEqual({
      operations: [],
      jwks: 'ok',
    });
  });

  const fault = { match: 'AdminGetUser', fault: 'error' };
  test.each([
    [
      'an unknown operation',
      { operations: [fault, { ...fault, match: 'AdminGetUsers' }] },
      /^operations\[1\]\.match has no operation and no quota category of the name "AdminGetUsers"\. Give .*UserRead/,
    ],
    [
      'no match',
      { operations: [{ fault: 'error' }] },
      /^operations\[0\]\.match has to be a text\. Give/,
    ],
    [
      'an unknown fault',
      { operations: [{ ...fault, fault: 'fire' }] },
      /^operations\[0\]\.fault has to be one of latency, throttling, error, hang, reset\. Give/,
    ],
    [
      'latency of no length',
      { operations: [{ ...fault, fault: 'latency' }] },
      /^operations\[0\]\.milliseconds is needed for latency\. Give/,
    ],
    [
      'a length of something else',
      { operations: [{ ...fault, milliseconds: 5 }] },
      /^operations\[0\]\.milliseconds is for latency alone, not for error\. Leave it out\.$/,
    ],
    [
      'latency without end',
      { operations: [{ ...fault, fault: 'latency', milliseconds: 60_001 }] },
      /^operations\[0\]\.milliseconds has to be a whole number from 1 to 60000\. Give/,
    ],
    [
      'half a time',
      { operations: [{ ...fault, times: 0.5 }] },
      /^operations\[0\]\.times has to be a whole number from 1 to 1000000\. Give/,
    ],
    ['no times', { operations: [{ ...fault, times: 0 }] }, /^operations\[0\]\.times has to be/],
    [
      'a word too much',
      { operations: [{ ...fault, time: 3 }] },
      /^operations\[0\] has the unknown time\. Leave it out\.$/,
    ],
    [
      'an unknown key set',
      { jwks: 'gone' },
      /^jwks has to be one of ok, empty, broken, huge, slow, down\. Give/,
    ],
    ['no list', { operations: fault }, /^operations has to be a list\. Give \[\] for none\.$/],
    ['a list', [], /^The body has to be an object\. Give one such as/],
    ['no JSON', '{"operations":', /^The body is no JSON\. Send/],
    ['nothing', '', /^The body has to be an object\. Give/],
  ])(
    'refuses %s, says why and what to do, and leaves the switches alone',
    async (_what, body, message) => {
      await switches([fault]);
      const refused = await ask(pool.localPool, 'PUT', '/local-pool/faults', body);
      expect(refused.status).toBe(400);
      expect(refused.body.message).toMatch(message);
      expect(refused.body.errors).toHaveLength(1);
      expect(await current()).toEqual({ operations: [fault], jwks: 'ok' });
    },
  );

  test('tells all faults at once', async () => {
    const { body } = await switches([{ match: 'x', fault: 'y' }], 'z');
    expect(body.errors).toEqual([
      expect.stringMatching(/^operations\[0\]\.match /),
      expect.stringMatching(/^operations\[0\]\.fault /),
      expect.stringMatching(/^jwks /),
    ]);
  });

  test('refuses another content type', async () => {
    const { status, body } = await ask(pool.localPool, 'PUT', '/local-pool/faults', '{}', {
      'content-type': 'text/plain',
    });
    expect([status, body.message]).toEqual([415, expect.stringContaining('application/json')]);
  });

  test('is for pages on this machine alone', async () => {
    const origin = 'https://evil.example.com';
    const { status } = await ask(pool.localPool, 'PUT', '/local-pool/faults', {}, { origin });
    expect(status).toBe(403);
    const known = await ask(pool.localPool, 'OPTIONS', '/local-pool/faults', undefined, {
      origin: 'http://127.0.0.1:4000',
      'access-control-request-method': 'PUT',
      'access-control-request-headers': 'content-type',
    });
    expect(known.headers.get('access-control-allow-origin')).toBe('http://127.0.0.1:4000');
    expect(known.headers.get('access-control-allow-methods')).toContain('PUT');
  });
});

describe('the keys', () => {
  const jwks = () => fetch(`${pool.localPool.endpoint}/${place.poolId}/.well-known/jwks.json`);
  const served = async () => (await jwks()).text();

  test('can be an empty set, a broken one, or one that is too large', async () => {
    const good = JSON.parse(await served());
    expect(good.keys).toHaveLength(2);
    await switches([], 'empty');
    expect(JSON.parse(await served())).toEqual({ keys: [] });
    await switches([], 'broken');
    const broken = await served();
    expect(() => JSON.parse(broken)).toThrow(SyntaxError);
    await switches([], 'huge');
    const huge = await served();
    expect(huge.length).toBeGreaterThan(1024 * 1024);
    // It is too large, and nothing else: whoever reads it all finds the keys.
    expect(JSON.parse(huge).keys).toEqual(good.keys);
    await ask(pool.localPool, 'DELETE', '/local-pool/faults');
    expect(JSON.parse(await served())).toEqual(good);
  });

  test('can be out of reach', async () => {
    await switches([], 'down');
    expect(await lossOf(jwks())).toBe('ECONNRESET');
  });

  test('can be slow, until the switch is cleared', async () => {
    await switches([], 'slow');
    const answer = served();
    expect(await Promise.race([answer, sleep(500, 'still waiting')])).toBe('still waiting');
    pool.localPool.faults.clear();
    expect(JSON.parse(await answer).keys).toHaveLength(2);
  });
});

test.each([
  ['hangs', { match: '*', fault: 'hang' }],
  ['is late', { match: '*', fault: 'latency', milliseconds: 60_000 }],
])('a call that %s keeps nobody from closing the local pool', async (_what, fault) => {
  const other = await pool.another();
  await ask(other, 'PUT', '/local-pool/faults', { operations: [fault] });
  const ended = Promise.allSettled([
    fetch(other.endpoint, {
      method: 'POST',
      headers: { 'x-amz-target': 'AWSCognitoIdentityProviderService.ListUsers' },
    }),
  ]);
  while (other.calls.get('ListUsers') === undefined) await sleep(5);
  const began = performance.now();
  await other.close();
  expect(performance.now() - began).toBeLessThan(2_000);
  await ended;
});
