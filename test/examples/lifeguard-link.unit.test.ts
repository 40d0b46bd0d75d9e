import { ApolloClient, CombinedGraphQLErrors, gql, InMemoryCache } from '@apollo/client';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import {
  type LifeguardRequestInit,
  lifeguardFetch,
  type TokenSource,
} from '../../examples/lifeguard-fetch.js';
import { isRepeatable, lifeguardLink } from '../../examples/lifeguard-link.js';
import { type Reply, refusal, type ScriptedApi, scriptedApi } from './scripted-api.js';

const expired = refusal(401, 'UNAUTHENTICATED', 'expired', {
  'www-authenticate': 'Bearer error="invalid_token"',
});
const later = (status: number, code: string, reason: string, retryAfter = '0') =>
  refusal(status, code, reason, { 'retry-after': retryAfter });
const limited = later(429, 'RATE_LIMITED', 'requests');
const poolDown = later(503, 'UNAVAILABLE', 'user_pool');

let api: ScriptedApi;

beforeAll(async () => {
  api = await scriptedApi();
});
afterAll(() => api?.close());
afterEach(() => {
  for (const { url, headers } of api.received) {
    expect(url).toBe('/graphql');
    expect(headers.accept).toMatch(/^application\/graphql-response\+json/);
  }
});

/** A sign-in whose n-th token is `token n`, until it is over. */
class SignIn implements TokenSource {
  renewals = 0;
  readonly signedOut: string[] = [];
  moreRoles = 0;
  isOver = false;
  readonly onSignedOut = (reason: string) => this.signedOut.push(reason);
  readonly onMoreRoles = () => {
    this.moreRoles++;
  };
  readonly current = () => `token-${this.renewals}`;
  readonly renew = async () => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    if (this.isOver) return undefined;
    this.renewals++;
    return this.current();
  };
}

function clientOf(signIn: SignIn, longestWait?: number) {
  const { onSignedOut, onMoreRoles } = signIn;
  const options = { tokens: signIn, onSignedOut, onMoreRoles };
  return lifeguardFetch({ ...options, ...(longestWait !== undefined && { longestWait }) });
}

const operation = (query: string, variables = {}) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ query, variables }),
});
const QUERY = operation('{ me { id } }');
const HASH = {
  ...operation(''),
  body: JSON.stringify({ extensions: { persistedQuery: { version: 1, sha256Hash: 'ab' } } }),
};
const MUTATION = operation('mutation { signOut { session { id } } }');
const tokens = () => api.received.map(({ token }) => token);

describe('a token that is refused', () => {
  test('is renewed once, however many requests have it, and each is sent again', async () => {
    api.answer(({ token }) => (token === 'token-0' ? expired : {}));
    const signIn = new SignIn();
    const send = clientOf(signIn);
    const answers = await Promise.all([1, 2, 3, 4].map(() => send(api.url, QUERY)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(signIn).toMatchObject({ renewals: 1, signedOut: [] });
    expect(tokens().filter((token) => token === 'token-1')).toHaveLength(4);
  });

  test('is renewed for a mutation too: nothing of it was executed', async () => {
    api.answer(({ token }) => (token === 'token-0' ? expired : {}));
    expect((await clientOf(new SignIn())(api.url, MUTATION)).status).toBe(200);
    expect(tokens()).toEqual(['token-0', 'token-1']);
  });

  test('ends the sign-in where the new one is refused as well', async () => {
    api.answer(() => expired);
    const signIn = new SignIn();
    const answer = await clientOf(signIn)(api.url, QUERY);
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ errors: [{ extensions: { reason: 'expired' } }] });
    expect(signIn).toMatchObject({ renewals: 1, signedOut: ['expired'] });
    expect(tokens()).toEqual(['token-0', 'token-1']);
  });

  test('ends the sign-in where the pool gives no new one', async () => {
    api.answer(() => expired);
    const signIn = new SignIn();
    signIn.isOver = true;
    const send = clientOf(signIn);
    await Promise.all([send(api.url, QUERY), send(api.url, QUERY)]);
    expect(signIn.signedOut).toEqual(['expired']);
    expect(tokens()).toEqual(['token-0', 'token-0']);
  });

  test.each(['revoked', 'disabled', 'deleted'])(
    'is not renewed where the sign-in is over (%s)',
    async (reason) => {
      api.answer(() => refusal(401, 'UNAUTHENTICATED', reason));
      const signIn = new SignIn();
      const send = clientOf(signIn);
      await Promise.all([send(api.url, QUERY), send(api.url, QUERY)]);
      expect(signIn).toMatchObject({ renewals: 0, signedOut: [reason] });
    },
  );

  test('stays where the pool cannot be asked, which the caller learns', async () => {
    api.answer(() => expired);
    const signIn = new SignIn();
    const renew = () => Promise.reject(new Error('out of reach'));
    const send = lifeguardFetch({ tokens: { ...signIn, renew }, onSignedOut: signIn.onSignedOut });
    await expect(send(api.url, QUERY)).rejects.toThrow('out of reach');
    expect(signIn.signedOut).toEqual([]);
  });

  test('is none where nobody is signed in', async () => {
    api.answer(() => refusal(401, 'UNAUTHENTICATED', 'token'));
    const signIn = new SignIn();
    const { onSignedOut, renew } = signIn;
    const send = lifeguardFetch({ tokens: { current: () => undefined, renew }, onSignedOut });
    expect((await send(api.url, QUERY)).status).toBe(401);
    expect(signIn).toMatchObject({ renewals: 0, signedOut: [] });
    expect(tokens()).toEqual([undefined]);
  });
});

describe('a token that lacks a role', () => {
  const stale = (name: string): Reply => ({
    headers: { 'x-token-stale': 'true' },
    body: { data: { name } },
  });

  test('is renewed once, and queries are asked again', async () => {
    api.answer(({ token }) => (token === 'token-0' ? stale('old') : { body: { data: {} } }));
    const signIn = new SignIn();
    const send = clientOf(signIn);
    const answers = await Promise.all([1, 2, 3].map(() => send(api.url, QUERY)));
    expect(await Promise.all(answers.map((answer) => answer.json()))).toEqual(
      Array(3).fill({ data: {} }),
    );
    expect(signIn).toMatchObject({ renewals: 1, moreRoles: 1 });
  });

  test('is renewed after a mutation, which is not sent again', async () => {
    api.answer(() => stale('done'));
    const signIn = new SignIn();
    expect(await (await clientOf(signIn)(api.url, MUTATION)).json()).toMatchObject({
      data: { name: 'done' },
    });
    expect(tokens()).toEqual(['token-0']);
    expect(signIn).toMatchObject({ renewals: 1, moreRoles: 1 });
  });

  test('is good enough where the pool gives no better', async () => {
    api.answer(() => stale('all the same'));
    const signIn = new SignIn();
    const send = clientOf(signIn);
    for (const _time of [1, 2, 3]) await send(api.url, QUERY);
    expect(signIn.renewals).toBe(1);
    expect(tokens()).toEqual(['token-0', 'token-1', 'token-1', 'token-1']);
  });
});

describe('Retry-After', () => {
  test('is honoured where sending it twice does no harm', async () => {
    const jwksDown = later(503, 'UNAVAILABLE', 'jwks');
    const requests: [Reply, LifeguardRequestInit][] = [
      [limited, operation('{ limited }')],
      [poolDown, operation('{ poolDown }')],
      // They were turned away before anybody read them.
      [limited, operation('mutation { limited }')],
      [jwksDown, operation('mutation { jwksDown }')],
      [poolDown, { ...operation('mutation { poolDown }'), repeatable: true }],
    ];
    const replies = new Map(requests.map(([reply, { body }]) => [body, reply]));
    api.answer(({ body }) => {
      const reply = replies.get(body) ?? {};
      replies.delete(body);
      return reply;
    });
    const begun = Date.now();
    const send = clientOf(new SignIn());
    const answers = await Promise.all(requests.map(([, init]) => send(api.url, init)));
    expect(answers.map(({ status }) => status)).toEqual(Array(5).fill(200));
    expect(api.received).toHaveLength(10);
    expect(Date.now() - begun).toBeGreaterThanOrEqual(1000);
  });

  test.each([
    ['a mutation that may have happened', poolDown, MUTATION],
    ['a hash, which may be that of a mutation', poolDown, HASH],
    ['a mutation that the pool limits', later(429, 'RATE_LIMITED', 'pool_limit'), MUTATION],
    ['a query without the header', refusal(503, 'UNAVAILABLE', 'database'), QUERY],
    ['a query that has to wait for too long', later(429, 'RATE_LIMITED', 'requests', '60'), QUERY],
  ])('sends nothing again: %s', async (_what, reply, request) => {
    api.answer(() => reply);
    expect((await clientOf(new SignIn())(api.url, request)).status).toBe(reply.status);
    expect(api.received).toHaveLength(1);
  });

  test('is waited for within bounds, by seconds or a date', async () => {
    const date = new Date(Date.now() + 1000).toUTCString();
    api.answer(() => later(503, 'UNAVAILABLE', 'database', date));
    const { status } = await clientOf(new SignIn(), 3_100)(api.url, QUERY);
    expect(status).toBe(503);
    expect([2, 3]).toContain(api.received.length);
  });

  test('is not waited for once the request is given up', async () => {
    api.answer(() => later(503, 'UNAVAILABLE', 'database', '20'));
    const giveUp = new AbortController();
    const sent = clientOf(new SignIn())(api.url, { ...QUERY, signal: giveUp.signal });
    setTimeout(() => giveUp.abort(new Error('given up')), 100);
    await expect(sent).rejects.toThrow('given up');
    expect(api.received).toHaveLength(1);
  });
});

describe('the link of Apollo Client', () => {
  const client = () =>
    new ApolloClient({
      link: lifeguardLink({ uri: api.url, tokens: new SignIn() }),
      cache: new InMemoryCache(),
    });

  test('shows errors as errors of GraphQL, whatever the status', async () => {
    api.answer(() => refusal(403, 'FORBIDDEN', 'role'));
    const { error } = await client().query({
      query: gql`query Denied { me { id } }`,
      errorPolicy: 'all',
    });
    expect(CombinedGraphQLErrors.is(error) && error.errors[0]?.extensions).toEqual({
      code: 'FORBIDDEN',
      reason: 'role',
    });
  });

  test('sends a mutation again that carries a key', async () => {
    api.answer((_request, earlier) => (earlier === 0 ? poolDown : { body: { data: { a: null } } }));
    const mutation = gql`mutation M($input: I!) { a(input: $input) }`;
    await client().mutate({ mutation, variables: { input: { idempotencyKey: 'k' } } });
    expect(api.received).toHaveLength(2);
  });

  const withInput = 'mutation M($input: I!) { a(input: $input) { id } }';
  test.each([
    ['a query', 'query M($input: I) { a(input: $input) { id } }', {}, true],
    ['with a key', withInput, { idempotencyKey: 'k' }, true],
    ['with a key in it', 'mutation M { a(input: { idempotencyKey: "k" }) { id } }', {}, true],
    ['with no key', withInput, { id: '1' }, false],
    ['with a blank key', withInput, { idempotencyKey: '' }, false],
    ['half with a key', `${withInput.slice(0, -1)} b { id } }`, { idempotencyKey: 'k' }, false],
    ['with a fragment', 'mutation M { ...F } fragment F on Mutation { a { id } }', {}, false],
    ['a subscription', 'subscription M { a { id } }', {}, false],
  ])('knows what may be sent twice: %s', (_what, source, input, expected) => {
    const operation = { query: gql(source), operationName: 'M', variables: { input } };
    expect(isRepeatable(operation)).toBe(expected);
  });
});
