import { describe, expect, test } from '@jest/globals';
import { mediaTypeFor } from '../../src/http/media-type.js';
import { type FixtureOptions, fixtureServer, post } from './fixture-server.js';

async function asking(options: FixtureOptions, headers: Record<string, string>) {
  const server = await fixtureServer(options);
  const answer = await post(server, { query: '{ hello }' }, headers);
  await server.app.close();
  return answer;
}

describe('The request id', () => {
  test('is the caller’s where it is well-formed', async () => {
    const { headers } = await asking({}, { 'x-request-id': 'trace_1.a-B' });
    expect(headers['x-request-id']).toBe('trace_1.a-B');
  });

  test.each(['', 'a b', 'a'.repeat(65), 'é', '<script>', 'a"b', '{}'])(
    'is a new one instead of %p',
    async (given) => {
      const { headers } = await asking({}, { 'x-request-id': given });
      expect(headers['x-request-id']).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f-]{21}$/);
    },
  );
});

describe('Security headers', () => {
  test('forbid a browser to load, frame, sniff or cache an answer', async () => {
    const { headers } = await asking({}, {});
    expect(headers['content-security-policy']).toBe(
      "default-src 'none';base-uri 'none';form-action 'none';frame-ancestors 'none'",
    );
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    });
    expect(headers['x-powered-by']).toBeUndefined();
  });

  test.each([
    [true, 'max-age=31536000; includeSubDomains'],
    [false, undefined],
  ])('with production limits %s the transport is %p', async (productionLimits, value) => {
    const { headers } = await asking({ productionLimits, loopbackOnly: false }, {});
    expect(headers['strict-transport-security']).toBe(value);
  });

  test('are on a refusal too', async () => {
    const { statusCode, headers } = await asking({}, { authorization: 'Bearer bad' });
    expect(statusCode).toBe(401);
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['cache-control']).toBe('no-store');
  });
});

describe('On loopback', () => {
  test.each([
    'localhost',
    'localhost:4000',
    '127.0.0.1:4000',
    '127.1.2.3',
    '[::1]:4000',
    'LOCALHOST',
  ])('the host %s is served', async (host) => {
    expect((await asking({}, { host })).statusCode).toBe(200);
  });

  test.each([
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '0.0.0.0',
    '192.168.1.10:4000',
    '[::]:4000',
  ])('the host %s is refused', async (host) => {
    const answer = await asking({}, { host });
    expect(answer.statusCode).toBe(403);
    expect(answer.json().errors[0].extensions).toMatchObject({ code: 'FORBIDDEN', reason: 'host' });
  });

  test.each(['127.0.0.1@evil.example', 'localhost:4000@evil.example'])(
    'the host %s is none',
    async (host) => {
      expect((await asking({}, { host })).statusCode).toBe(400);
    },
  );

  test.each([
    ['http://localhost:5173', 200],
    ['http://127.0.0.1:4000', 200],
    ['https://app.example.com', 200],
    ['https://evil.example', 403],
    ['http://localhost.evil.example', 403],
    ['null', 403],
    ['file://localhost', 403],
    ['https://app.example.com.evil.example', 403],
  ])('a page of %s gets %i', async (origin, status) => {
    const answer = await asking({ corsOrigins: ['https://app.example.com'] }, { origin });
    expect(answer.statusCode).toBe(status);
    expect(answer.headers['access-control-allow-origin']).toBe(status === 200 ? origin : undefined);
  });

  test('a forwarded host does not replace the host', async () => {
    const answer = await asking(
      { trustProxy: ['127.0.0.1'] },
      { host: 'evil.example', 'x-forwarded-host': 'localhost' },
    );
    expect(answer.statusCode).toBe(403);
  });
});

describe('Elsewhere', () => {
  const options = { loopbackOnly: false, corsOrigins: ['https://app.example.com'] };

  test('a listed origin may read the answer and its headers, without cookies', async () => {
    const { headers } = await asking(options, { origin: 'https://app.example.com' });
    expect(headers['access-control-allow-origin']).toBe('https://app.example.com');
    expect(headers['access-control-expose-headers']).toBe(
      'WWW-Authenticate, Retry-After, X-Request-Id, X-Token-Stale',
    );
    expect(headers['access-control-allow-credentials']).toBeUndefined();
    expect(headers.vary).toContain('Origin');
  });

  test.each(['https://evil.example', 'http://localhost:5173'])('%s may not', async (origin) => {
    const answer = await asking(options, { origin });
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  });

  test('a refused token can be told apart by a page', async () => {
    const answer = await asking(options, {
      origin: 'https://app.example.com',
      authorization: 'Bearer bad',
    });
    expect(answer.statusCode).toBe(401);
    expect(answer.headers['access-control-allow-origin']).toBe('https://app.example.com');
  });

  test('a preflight is answered before any token is looked for', async () => {
    const { app } = await fixtureServer(options);
    const answer = await app.inject({
      method: 'OPTIONS',
      url: '/graphql',
      headers: {
        origin: 'https://app.example.com',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization, content-type',
      },
    });
    expect(answer.statusCode).toBe(204);
    expect(answer.headers).toMatchObject({
      'access-control-allow-origin': 'https://app.example.com',
      'access-control-allow-headers': 'authorization, content-type',
    });
    await app.close();
  });

  test.each([
    ['x-forwarded-proto', '!!'],
    ['x-forwarded-host', 'a b'],
  ])('a proxy’s %s is not looked at, whatever it is', async (name, value) => {
    const answer = await asking({ ...options, trustProxy: ['127.0.0.1'] }, { [name]: value });
    expect(answer.statusCode).toBe(200);
  });
});

test.each([
  [undefined, 'application/json'],
  ['*/*', 'application/json'],
  ['application/json', 'application/json'],
  ['application/graphql-response+json', 'application/graphql-response+json'],
  ['application/graphql-response+json, application/json', 'application/graphql-response+json'],
  [
    'application/graphql-response+json;charset=utf-8, application/json;charset=utf-8',
    'application/graphql-response+json',
  ],
  ['application/json, application/graphql-response+json', 'application/json'],
  [
    'application/json;q=0.5, application/graphql-response+json;q=0.9',
    'application/graphql-response+json',
  ],
  ['application/graphql-response+json;q=0.5, */*;q=0.9', 'application/json'],
  ['application/*', 'application/json'],
  ['APPLICATION/GRAPHQL-RESPONSE+JSON', 'application/graphql-response+json'],
  ['text/html', 'application/json'],
  ['application/json;q=x', 'application/json'],
  [';;;,,,', 'application/json'],
])('Accept %p is answered in %s, as Apollo Server does', async (accept, expected) => {
  expect(mediaTypeFor(accept)).toBe(`${expected}; charset=utf-8`);
  const answer = await asking({}, accept === undefined ? {} : { accept });
  if (answer.statusCode === 200)
    expect(answer.headers['content-type']).toBe(`${expected}; charset=utf-8`);
});
