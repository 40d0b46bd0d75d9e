import {
  AdminUserGlobalSignOutCommand,
  GetUserCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { refreshWith, refusal } from '../test-pool.js';
import {
  addResourceServer,
  basic,
  CALLBACK,
  type SignInPage,
  startSignInPage,
  WITH_PAGE,
} from './sign-in-page.js';

const ATTRIBUTES = {
  email: 'uma@example.com',
  email_verified: 'true',
  phone_number: '+351210000000',
  name: 'Uma Sharma',
  locale: 'pt',
};

let page: SignInPage;
let sub: string;
beforeAll(async () => {
  page = await startSignInPage();
  sub = await page.pool.addUser(page.place, 'uma', ATTRIBUTES);
});
afterAll(() => page.pool.close());

async function tokensOf(scope?: string, client = {}) {
  const { body } = await page.token({
    grant_type: 'authorization_code',
    client_id: page.place.clientId,
    redirect_uri: CALLBACK,
    code: await page.code('uma', { scope, ...client }),
    ...client,
  });
  return body;
}

function userInfo(token: string | undefined): Promise<Response> {
  return fetch(`${page.pool.localPool.endpoint}/oauth2/userInfo`, {
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  });
}

function revoke(form: Readonly<Record<string, string>>, authorization?: string) {
  return fetch(`${page.pool.localPool.endpoint}/oauth2/revoke`, {
    method: 'POST',
    body: new URLSearchParams(form),
    headers: { ...(authorization !== undefined && { authorization }) },
  });
}

describe('a person is told of by the scopes of the token', () => {
  const { email, email_verified, phone_number, name, locale } = ATTRIBUTES;
  const mail = { email, email_verified };
  const phone = { phone_number, phone_number_verified: 'false' };
  test.each([
    ['openid', { ...mail, ...phone, name, locale }],
    ['openid email', mail],
    ['openid phone', phone],
    ['openid profile', { name, locale }],
    ['openid email phone profile', { ...mail, ...phone, name, locale }],
  ])('%s', async (scope, attributes) => {
    const response = await userInfo((await tokensOf(scope)).access_token);
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.json()).toEqual({ sub, username: 'uma', ...attributes });
  });

  test('and by what the client may read', async () => {
    const client = await page.confidential({ ...WITH_PAGE, ReadAttributes: ['name'] });
    const tokens = await tokensOf('openid', {
      client_id: client.clientId,
      client_secret: client.secret,
    });
    const response = await userInfo(tokens.access_token);
    expect(await response.json()).toEqual({ sub, username: 'uma', name: 'Uma Sharma' });
  });
});

describe('nobody is told of by', () => {
  test.each([
    ['no token', async () => undefined],
    ['a token that is none', async () => 'abc'],
    ['an id token', async () => (await tokensOf('openid')).id_token],
    ['a refresh token', async () => (await tokensOf('openid')).refresh_token],
    [
      'a token without the scope openid',
      async () => (await tokensOf('aws.cognito.signin.user.admin')).access_token,
    ],
    ['a token of the API', async () => (await page.pool.signIn(page.place, 'uma')).AccessToken],
    [
      'a token of a machine client',
      async () => {
        await addResourceServer(page, 'lifeguard');
        const { clientId, secret } = await page.confidential({
          AllowedOAuthFlowsUserPoolClient: true,
          AllowedOAuthFlows: ['client_credentials'],
          AllowedOAuthScopes: ['lifeguard/read'],
        });
        const form = { grant_type: 'client_credentials' };
        return (await page.token(form, basic(clientId, secret))).body.access_token;
      },
    ],
    [
      'a token that was tampered with',
      async () => {
        const { access_token = '' } = await tokensOf('openid');
        const [header, payload = '', signature] = access_token.split('.');
        const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
        const other = { ...claims, sub: '00000000-0000-4000-8000-000000000000' };
        const forged = Buffer.from(JSON.stringify(other)).toString('base64url');
        return `${header}.${forged}.${signature}`;
      },
    ],
    [
      'a token whose sign-in is over',
      async () => {
        const { access_token } = await tokensOf('openid');
        const UserPoolId = page.place.poolId;
        await page.pool.cognito.send(
          new AdminUserGlobalSignOutCommand({ UserPoolId, Username: 'uma' }),
        );
        return access_token;
      },
    ],
  ])('%s', async (_case, token) => {
    const response = await userInfo(await token());
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toMatch(/^Bearer error="invalid_token"/);
    expect(await response.json()).toMatchObject({ error: 'invalid_token' });
  });
});

describe('revoking', () => {
  test('a refresh token ends its sign-in, and says nothing', async () => {
    const tokens = await tokensOf('openid aws.cognito.signin.user.admin');
    const response = await revoke({
      client_id: page.place.clientId,
      token: tokens.refresh_token ?? '',
      token_type_hint: 'refresh_token',
    });
    expect([response.status, await response.text()]).toEqual([200, '']);
    const { cognito } = page.pool;
    const refused = await refusal(cognito.send(refreshWith(page.place, tokens.refresh_token)));
    expect(refused.message).toBe('Refresh Token has been revoked');
    const AccessToken = tokens.access_token;
    const { message } = await refusal(cognito.send(new GetUserCommand({ AccessToken })));
    expect(message).toBe('Access Token has been revoked');
  });

  test('a token that is unknown or of another client is passed over (RFC 7009 section 2.2)', async () => {
    const tokens = await tokensOf('openid');
    const { clientId, secret } = await page.confidential(WITH_PAGE);
    for (const token of ['x'.repeat(64), tokens.refresh_token ?? ''])
      expect((await revoke({ token }, basic(clientId, secret))).status).toBe(200);
    expect((await userInfo(tokens.access_token)).status).toBe(200);
  });

  test.each([
    [
      'an access token',
      async () => ({ token: (await tokensOf('openid')).access_token ?? '' }),
      'unsupported_token_type',
    ],
    ['nothing', async () => ({}), 'invalid_request'],
    [
      'with a secret that the client has not',
      async () => ({ token: 'abc', client_secret: 'x' }),
      'invalid_client',
    ],
    [
      'for an unknown client',
      async () => ({ token: 'abc', client_id: 'x'.repeat(26) }),
      'invalid_client',
    ],
  ])('%s is refused', async (_case, form, error) => {
    const response = await revoke({ client_id: page.place.clientId, ...(await form()) });
    expect([response.status, await response.json()]).toEqual([
      400,
      expect.objectContaining({ error }),
    ]);
  });

  test('is refused to a client without it', async () => {
    const { clientId, secret } = await page.confidential({ EnableTokenRevocation: false });
    const response = await revoke({ token: 'abc' }, basic(clientId, secret));
    expect([response.status, await response.json()]).toEqual([
      400,
      expect.objectContaining({ error: 'invalid_request' }),
    ]);
  });
});
