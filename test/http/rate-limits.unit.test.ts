import { describe, expect, test } from '@jest/globals';
import { UnauthenticatedError, UnavailableError } from '../../src/errors.js';
import { createAuthenticate } from '../../src/http/authenticate.js';
import { createRateLimits, networkOf } from '../../src/http/rate-limits.js';
import { CLAIMS, type FixtureServer, fixtureServer, post } from './fixture-server.js';

const query = { query: '{ hello }' };
const good = { authorization: 'Bearer good' };
const bad = { authorization: 'Bearer bad' };

async function statuses(server: FixtureServer, ...headers: Record<string, string>[]) {
  const answers: number[] = [];
  for (const sent of headers) answers.push((await post(server, query, sent)).statusCode);
  return answers;
}

describe('Failed tokens', () => {
  test('are refused unverified above the limit, with the time to wait', async () => {
    const server = await fixtureServer({ limits: { failedTokensPerMinute: 3 } });
    expect(await statuses(server, bad, bad, bad, bad, bad)).toEqual([401, 401, 401, 429, 429]);
    const answer = await post(server, query, bad);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    expect(Number(answer.headers['retry-after'])).toBeLessThanOrEqual(60);
    expect(answer.json().errors[0].extensions).toMatchObject({
      code: 'RATE_LIMITED',
      reason: 'failed_tokens',
    });
    await server.app.close();
  });

  test('never stop a token that is remembered as good, nor a request without one', async () => {
    const server = await fixtureServer({ limits: { failedTokensPerMinute: 1 } });
    expect(await statuses(server, good, bad, bad, good, {})).toEqual([200, 401, 429, 200, 200]);
    await server.app.close();
  });

  test('stop a good token that has not been seen yet', async () => {
    const server = await fixtureServer({ limits: { failedTokensPerMinute: 1 } });
    expect(await statuses(server, bad, good)).toEqual([401, 429]);
    await server.app.close();
  });

  test('are counted by the address that a trusted proxy names', async () => {
    const server = await fixtureServer({
      limits: { failedTokensPerMinute: 1 },
      trustProxy: ['127.0.0.1'],
    });
    const from = (address: string) => ({ ...bad, 'x-forwarded-for': address });
    expect(await statuses(server, from('192.0.2.1'), from('192.0.2.1'), from('192.0.2.2'))).toEqual(
      [401, 429, 401],
    );
    await server.app.close();
  });

  test('are not counted by a header of whoever sends one', async () => {
    const server = await fixtureServer({ limits: { failedTokensPerMinute: 1 } });
    const from = (address: string) => ({ ...bad, 'x-forwarded-for': address });
    expect(await statuses(server, from('192.0.2.1'), from('192.0.2.2'))).toEqual([401, 429]);
    await server.app.close();
  });
});

test('requests are limited by who asks, not by address', async () => {
  const server = await fixtureServer({ limits: { requestsPerMinute: 2 } });
  const machine = { authorization: 'Bearer machine' };
  expect(await statuses(server, good, good, good, machine, {}, {}, {})).toEqual([
    200, 200, 429, 200, 200, 200, 429,
  ]);
  expect((await post(server, query, good)).json().errors[0].extensions).toMatchObject({
    code: 'RATE_LIMITED',
    reason: 'requests',
  });
  await server.app.close();
});

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::1', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['', ''],
])('the network of %p is %p', (ip, network) => {
  expect(networkOf(ip)).toBe(network);
});

test('a token that cannot be checked is an outage of ours and not counted as failed', async () => {
  const rateLimits = createRateLimits({ failedTokensPerMinute: 1, requestsPerMinute: 1 });
  const authenticate = createAuthenticate({
    bearerToken: () => 'token',
    verifier: {
      remembered: () => undefined,
      verify: () => Promise.reject(new UnavailableError('The keys are out of reach.')),
    },
    viewerOf: () => Promise.reject(new Error('is not reached')),
    rateLimits,
  });
  for (let request = 0; request < 3; request++) {
    await expect(authenticate({ rawHeaders: [], ip: '192.0.2.1' })).rejects.toThrow(
      UnavailableError,
    );
  }
});

test('a remembered token whose person is refused does not count against its address', async () => {
  const rateLimits = createRateLimits({ failedTokensPerMinute: 1, requestsPerMinute: 1 });
  const authenticate = createAuthenticate({
    bearerToken: () => 'token',
    verifier: { remembered: () => CLAIMS, verify: async () => CLAIMS },
    viewerOf: () => Promise.reject(new UnauthenticatedError('The token is revoked.')),
    rateLimits,
  });
  for (let request = 0; request < 3; request++) {
    await expect(authenticate({ rawHeaders: [], ip: '192.0.2.1' })).rejects.toThrow('revoked');
  }
  await expect(rateLimits.refuseAfterFailedTokens('192.0.2.1')).resolves.toBeUndefined();
});
