import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { operations } from '../../src/local-pool/operations/index.js';
import { startTestPool, type TestPool } from './test-pool.js';

let pool: TestPool;
beforeAll(async () => {
  pool = await startTestPool();
});
afterAll(() => pool.close());

interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A request with any headers, `Host` among them. */
function send({ method = 'POST', path = '/', headers = {}, body = '' }: Sent) {
  return new Promise<{
    status: number | undefined;
    headers: Readonly<Record<string, unknown>>;
    body: string;
  }>((resolve, reject) => {
    const sent = request(
      new URL(path, pool.localPool.endpoint),
      { method, headers },
      async (response) => {
        const chunks = await response.toArray();
        resolve({
          status: response.statusCode,
          headers: response.headers,
          body: Buffer.concat(chunks).toString(),
        });
      },
    ).once('error', reject);
    sent.end(body);
  });
}

const target = (name: string) => ({
  'content-type': 'application/x-amz-json-1.1',
  'x-amz-target': `AWSCognitoIdentityProviderService.${name}`,
});
const SIGNED = { authorization: 'AWS4-HMAC-SHA256 Credential=local/20261123/us-east-1/x' };

describe('the JSON protocol', () => {
  test('answers with its content type, a request id and the date', async () => {
    const { poolId } = await pool.place();
    const answer = await send({
      headers: { ...target('DescribeUserPool'), ...SIGNED },
      body: JSON.stringify({ UserPoolId: poolId }),
    });
    expect(answer.status).toBe(200);
    expect(answer.headers).toMatchObject({
      'content-type': 'application/x-amz-json-1.1',
      'x-amzn-requestid': expect.stringMatching(/^[0-9a-f-]{36}$/),
      date: expect.any(String),
    });
    const { UserPool } = JSON.parse(answer.body);
    expect(UserPool.Id).toBe(poolId);
    expect(Math.abs(UserPool.CreationDate - Date.now() / 1000)).toBeLessThan(60);
  });

  test('refuses an operation that it does not know', async () => {
    const answer = await send({ headers: { ...target('DropEverything'), ...SIGNED }, body: '{}' });
    expect(answer.status).toBe(400);
    expect(answer.headers['x-amzn-errortype']).toBe('UnknownOperationException');
    expect(JSON.parse(answer.body).__type).toBe('UnknownOperationException');
  });

  test.each([
    ['no JSON', target('ListUsers'), '{'],
    ['an empty body', target('ListUsers'), ''],
    ['another content type', { ...target('ListUsers'), 'content-type': 'text/plain' }, '{}'],
    [
      'a body over 128 kB',
      target('ListUsers'),
      JSON.stringify({ UserPoolId: 'x'.repeat(140_000) }),
    ],
  ])('refuses %s', async (_what, headers, body) => {
    const answer = await send({ headers: { ...headers, ...SIGNED }, body });
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body).__type).toBe('SerializationException');
  });

  test('names what is wrong with the input, and repeats none of it', async () => {
    const answer = await send({
      headers: { ...target('ListUsers'), ...SIGNED },
      body: JSON.stringify({ Limit: 61 }),
    });
    expect(JSON.parse(answer.body)).toEqual({
      __type: 'InvalidParameterException',
      message:
        "2 validation errors detected: Value at 'userPoolId' failed to satisfy constraint: Member must not be null; " +
        "Value at 'limit' failed to satisfy constraint: Member must have value less than or equal to 60",
    });
  });

  test('takes a member or a value of a map that is null for absent, as AWS does', async () => {
    const { clientId } = await pool.place();
    const answer = await send({
      headers: target('InitiateAuth'),
      body: JSON.stringify({
        ClientId: clientId,
        AuthFlow: 'REFRESH_TOKEN_AUTH',
        AuthParameters: { REFRESH_TOKEN: 'unknown', DEVICE_KEY: null },
        ClientMetadata: null,
      }),
    });
    expect(JSON.parse(answer.body).message).toBe('Invalid Refresh Token');
  });

  test('calls the keys of a map by their name', async () => {
    const answer = await send({
      headers: target('InitiateAuth'),
      body: '{"ClientId":"x","AuthFlow":"USER_AUTH","AuthParameters":{"SRP_A":1}}',
    });
    expect(JSON.parse(answer.body).message).toContain("'authParameters.SRP_A'");
  });

  test.each([
    ['a NUL character', 'before\0after'],
    ['half a surrogate pair', 'before\ud800after'],
  ])('refuses %s, which no database text can hold', async (_what, text) => {
    const { poolId } = await pool.place();
    const value = [{ Name: 'name', Value: text }];
    const answer = await send({
      headers: { ...target('AdminCreateUser'), ...SIGNED },
      body: JSON.stringify({ UserPoolId: poolId, Username: 'uma', UserAttributes: value }),
    });
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body).__type).toBe('SerializationException');
  });

  const PUBLIC = new Set([
    'SignUp',
    'ConfirmSignUp',
    'ResendConfirmationCode',
    'InitiateAuth',
    'RespondToAuthChallenge',
    'GetTokensFromRefreshToken',
    'ForgotPassword',
    'ConfirmForgotPassword',
    'ChangePassword',
    'GetUser',
    'UpdateUserAttributes',
    'DeleteUserAttributes',
    'GetUserAttributeVerificationCode',
    'VerifyUserAttribute',
    'DeleteUser',
    'GlobalSignOut',
    'RevokeToken',
  ]);

  test.each([...operations.keys()])(
    'asks for a signature for %s only where AWS does',
    async (name) => {
      const answer = await send({ headers: target(name), body: '{}' });
      expect(JSON.parse(answer.body).__type).toBe(
        PUBLIC.has(name) ? 'InvalidParameterException' : 'MissingAuthenticationTokenException',
      );
    },
  );

  test('counts the calls of each operation', async () => {
    const before = pool.localPool.calls.get('GetUser') ?? 0;
    await send({ headers: target('GetUser'), body: '{}' });
    await send({ headers: target('GetUser'), body: '{}' });
    expect(pool.localPool.calls.get('GetUser')).toBe(before + 2);
  });
});

describe('who may reach the port', () => {
  test.each(['127.0.0.1', '127.0.0.1:4001', 'localhost:4001', 'LOCALHOST', '[::1]:4001'])(
    'answers under the host %s',
    async (host) => {
      expect((await send({ method: 'GET', path: '/local-pool', headers: { host } })).status).toBe(
        200,
      );
    },
  );

  test.each([
    'evil.example.com',
    'evil.example.com:4001',
    'localhost.evil.example.com',
    '127.0.0.1.evil.example.com',
    '127.0.0.2',
    '0.0.0.0:4001',
    '192.168.0.4:4001',
    '[::2]:4001',
  ])('refuses a name that was pointed here: %s', async (host) => {
    const answer = await send({ headers: { ...target('SignUp'), host }, body: '{}' });
    expect(answer.status).toBe(403);
    expect(answer.headers['access-control-allow-origin']).toBeUndefined();
  });

  test.each(['http://localhost:3000', 'http://127.0.0.1:5173', 'https://app.example.com'])(
    'lets a page of %s call',
    async (origin) => {
      const preflight = await send({
        method: 'OPTIONS',
        headers: {
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'x-amz-target,content-type',
        },
      });
      expect(preflight.status).toBe(204);
      expect(preflight.headers).toMatchObject({
        'access-control-allow-origin': origin,
        'access-control-allow-headers': expect.stringContaining('x-amz-target'),
      });
      const answer = await send({ headers: { ...target('SignUp'), origin }, body: '{}' });
      expect(answer.status).toBe(400);
      expect(answer.headers['access-control-allow-origin']).toBe(origin);
    },
  );

  test.each([
    'https://evil.example.com',
    'https://app.example.com.evil.example.com',
    'http://localhost.evil.example.com',
    'http://evil.example.com#localhost',
    'evil://localhost',
    'null',
  ])('refuses a page of %s, asked first or not', async (origin) => {
    const answers = [
      await send({
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST' },
      }),
      await send({ headers: { ...target('SignUp'), origin }, body: '{}' }),
    ];
    for (const { status, headers } of answers) {
      expect(status).toBe(403);
      expect(headers['access-control-allow-origin']).toBeUndefined();
    }
  });
});

describe('the keys', () => {
  test('are two public RSA keys for every pool', async () => {
    const { poolId } = await pool.place();
    const answer = await send({ method: 'GET', path: `/${poolId}/.well-known/jwks.json` });
    const { keys } = JSON.parse(answer.body);
    expect(keys).toHaveLength(2);
    for (const key of keys)
      expect(key).toEqual({
        kty: 'RSA',
        alg: 'RS256',
        use: 'sig',
        e: 'AQAB',
        kid: expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/),
        n: expect.stringMatching(/^[A-Za-z0-9_-]{342}$/),
      });
    expect(keys[0].n).not.toBe(keys[1].n);
  });

  test.each(['us-east-1_nowhere00', '%00', '..%2f..', "x'"])(
    'are not told for a pool that is not there: %s',
    async (poolId) => {
      const answer = await send({ method: 'GET', path: `/${poolId}/.well-known/jwks.json` });
      expect(answer.status).toBe(400);
      expect(JSON.parse(answer.body).__type).toBe('ResourceNotFoundException');
    },
  );

  test('stay the same when the local pool starts again', async () => {
    const { startLocalPool } = await import('../../src/local-pool/index.js');
    const { poolId } = await pool.place();
    const path = `/${poolId}/.well-known/jwks.json`;
    const silent = { info: () => {}, warn: () => {}, error: () => {} };
    const again = await startLocalPool({ sql: pool.sql, port: 0, log: silent });
    const [first, second] = await Promise.all(
      [pool.localPool, again].map(({ endpoint }) => fetch(endpoint + path).then((r) => r.json())),
    );
    await again.close();
    expect(second).toEqual(first);
  });
});
