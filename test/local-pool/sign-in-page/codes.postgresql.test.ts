import { AdminDisableUserCommand, GetUserCommand } from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { claimsOf, refreshWith, refusal } from '../test-pool.js';
import {
  CALLBACK,
  type Confidential,
  newPkce,
  type SignInPage,
  startSignInPage,
  WITH_PAGE,
} from './sign-in-page.js';

let page: SignInPage;
let confidential: Confidential;
beforeAll(async () => {
  page = await startSignInPage();
  for (const username of ['uma', 'dan'])
    await page.pool.addUser(page.place, username, { email: `${username}@example.com` });
  confidential = await page.confidential(WITH_PAGE);
});
afterAll(() => page.pool.close());

/** A request for the tokens of a code, complete but for what a test changes. */
async function exchange(
  change: Readonly<Record<string, string>> = {},
  parameters: Readonly<Record<string, string | undefined>> = {},
) {
  return page.token({
    grant_type: 'authorization_code',
    client_id: page.place.clientId,
    redirect_uri: CALLBACK,
    code: await page.code('uma', parameters),
    ...change,
  });
}

const invalidGrant = { status: 400, body: { error: 'invalid_grant' } };

describe('a code', () => {
  test('gives tokens of the scopes that were asked for', async () => {
    const { status, headers, body } = await exchange({}, { scope: 'openid phone' });
    expect(status).toBe(200);
    expect(Object.keys(body).sort()).toEqual([
      'access_token',
      'expires_in',
      'id_token',
      'refresh_token',
      'token_type',
    ]);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('content-type')).toMatch(/^application\/json/);
    expect(claimsOf(body.access_token).scope).toBe('openid phone');
    expect(claimsOf(body.id_token)).not.toHaveProperty('email');
  });

  test('gives all of the client’s scopes where none was asked for', async () => {
    const { body } = await exchange();
    expect(claimsOf(body.access_token).scope).toBe(WITH_PAGE.AllowedOAuthScopes.join(' '));
  });

  test('gives an id token for the scope openid alone, and the API’s own for its scope', async () => {
    const scope = 'aws.cognito.signin.user.admin';
    const { body } = await exchange({}, { scope });
    expect(body).not.toHaveProperty('id_token');
    const { Username } = await page.pool.cognito.send(
      new GetUserCommand({ AccessToken: body.access_token }),
    );
    expect(Username).toBe('uma');
    const { body: without } = await exchange({}, { scope: 'openid' });
    const { name } = await refusal(
      page.pool.cognito.send(new GetUserCommand({ AccessToken: without.access_token })),
    );
    expect(name).toBe('NotAuthorizedException');
  });

  test('is good once only, and a second use ends the sign-in', async () => {
    const code = await page.code('uma');
    const first = await exchange({ code });
    expect(first.status).toBe(200);
    expect(await exchange({ code })).toMatchObject(invalidGrant);
    const { message } = await refusal(
      page.pool.cognito.send(refreshWith(page.place, first.body.refresh_token)),
    );
    expect(message).toBe('Refresh Token has been revoked');
  });

  test('gives tokens to one at most of those that race for it', async () => {
    const code = await page.code('uma');
    const answers = await Promise.all(Array.from({ length: 6 }, () => exchange({ code })));
    expect(answers.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1);
    for (const { body } of answers.filter(({ status }) => status === 200)) {
      const { message } = await refusal(
        page.pool.cognito.send(refreshWith(page.place, body.refresh_token)),
      );
      expect(message).toBe('Refresh Token has been revoked');
    }
  });

  test('is good for five minutes', async () => {
    const [early, late] = [await page.code('uma'), await page.code('uma')];
    const age = (code: string, seconds: number) =>
      page.pool.sql.query(
        `update local_pool.authorization_code set expires_at = expires_at - ${seconds}
         where hash = encode(sha256('${code}'), 'base64')
            or hash = rtrim(translate(encode(sha256('${code}'), 'base64'), '+/', '-_'), '=')`,
      );
    await age(early, 290);
    await age(late, 301);
    expect((await exchange({ code: early })).status).toBe(200);
    expect(await exchange({ code: late })).toMatchObject(invalidGrant);
  });

  test('is the client’s alone: another can neither use it nor use it up', async () => {
    const code = await page.code('uma');
    const other = { client_id: confidential.clientId, client_secret: confidential.secret };
    expect(await exchange({ code, ...other })).toMatchObject(invalidGrant);
    expect((await exchange({ code })).status).toBe(200);
  });

  test.each([
    ['another one of the client', 'myapp://signed-in'],
    ['one with a slash more', `${CALLBACK}/`],
    ['a foreign one', 'https://evil.example.com'],
  ])('is bound to its redirect URI: %s is refused', async (_case, redirect_uri) => {
    expect(await exchange({ redirect_uri })).toMatchObject(invalidGrant);
  });

  test('of someone who was disabled meanwhile gives nothing', async () => {
    const code = await page.code('dan');
    const { poolId } = page.place;
    await page.pool.cognito.send(
      new AdminDisableUserCommand({ UserPoolId: poolId, Username: 'dan' }),
    );
    expect(await exchange({ code })).toMatchObject(invalidGrant);
  });

  test.each([
    ['unknown', 'ba1ab55e-0000-4000-8000-000000000000'],
    ['no text of ours', "' or 1=1 --"],
  ])('that is %s gives nothing', async (_case, code) => {
    expect(await exchange({ code })).toMatchObject(invalidGrant);
  });
});

describe('a code verifier', () => {
  const { verifier, challenge } = newPkce();

  test('has to be what the challenge was made from', async () => {
    expect((await exchange({ code_verifier: verifier }, challenge)).status).toBe(200);
  });

  test.each([
    ['another one', newPkce().verifier],
    ['the challenge itself', challenge.code_challenge],
    ['one that is cut off', verifier.slice(0, -1)],
    ['one with a letter more', `${verifier}a`],
    ['one with other letters', `${verifier.slice(0, -1)}é`],
  ])('that is %s is refused', async (_case, code_verifier) => {
    expect(await exchange({ code_verifier }, challenge)).toMatchObject(invalidGrant);
  });

  test('cannot be left out', async () => {
    expect(await exchange({}, challenge)).toMatchObject(invalidGrant);
  });

  test('without a challenge is refused', async () => {
    expect(await exchange({ code_verifier: verifier })).toMatchObject(invalidGrant);
  });

  test('cannot be tried twice', async () => {
    const code = await page.code('uma', challenge);
    expect(await exchange({ code, code_verifier: newPkce().verifier })).toMatchObject(invalidGrant);
    expect(await exchange({ code, code_verifier: verifier })).toMatchObject(invalidGrant);
  });
});

describe('a refresh token', () => {
  const refresh = (token: string | undefined, client: Readonly<Record<string, string>> = {}) =>
    page.token({
      grant_type: 'refresh_token',
      client_id: page.place.clientId,
      refresh_token: token ?? '',
      ...client,
    });

  test('gives new tokens of the same scopes, and no refresh token', async () => {
    const { body } = await exchange({}, { scope: 'openid email' });
    const refreshed = await refresh(body.refresh_token);
    expect(refreshed.status).toBe(200);
    expect(Object.keys(refreshed.body).sort()).toEqual([
      'access_token',
      'expires_in',
      'id_token',
      'token_type',
    ]);
    const [before, after] = [claimsOf(body.access_token), claimsOf(refreshed.body.access_token)];
    expect(after).toMatchObject({ scope: 'openid email', origin_jti: before.origin_jti });
    expect(after.jti).not.toBe(before.jti);
  });

  test('is followed by another where the client rotates them', async () => {
    const { clientId, secret } = await page.confidential({
      ...WITH_PAGE,
      ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH'],
      RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 0 },
    });
    const client = { client_id: clientId, client_secret: secret };
    const { body } = await exchange({
      ...client,
      code: await page.code('uma', { client_id: clientId }),
    });
    const refreshed = await refresh(body.refresh_token, client);
    expect(refreshed.status).toBe(200);
    expect(refreshed.body.refresh_token).not.toBe(body.refresh_token);
    expect((await refresh(refreshed.body.refresh_token, client)).status).toBe(200);
  });

  test.each([
    ['unknown', () => 'x'.repeat(64)],
    ['an access token', async () => (await exchange()).body.access_token],
  ])('that is %s is refused', async (_case, token) => {
    expect(await refresh(await token())).toMatchObject(invalidGrant);
  });

  test('of another client is refused', async () => {
    const { body } = await exchange();
    const other = { client_id: confidential.clientId, client_secret: confidential.secret };
    expect(await refresh(body.refresh_token, other)).toMatchObject(invalidGrant);
  });
});
