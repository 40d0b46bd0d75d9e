import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { JwtVerifier } from 'aws-jwt-verify';
import { z } from 'zod';
import { PASSWORD } from '../test-pool.js';
import { CALLBACK, newPkce, type SignInPage, startSignInPage } from './sign-in-page.js';

let page: SignInPage;
let sub: string;
beforeAll(async () => {
  page = await startSignInPage();
  sub = await page.pool.addUser(page.place, 'uma', {
    email: 'uma@example.com',
    name: 'Uma Sharma',
  });
});
afterAll(() => page.pool.close());

const discovery = z.object({
  issuer: z.string(),
  jwks_uri: z.string(),
  authorization_endpoint: z.string(),
  token_endpoint: z.string(),
  userinfo_endpoint: z.string(),
});

test('a client that knows only the issuer signs a person in with PKCE', async () => {
  const { endpoint } = page.pool.localPool;
  const { poolId, clientId } = page.place;
  const response = await fetch(`${endpoint}/${poolId}/.well-known/openid-configuration`);
  const provider = discovery.parse(await response.json());
  const { verifier, challenge } = newPkce();

  const browser = page.browser();
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: CALLBACK,
    scope: 'openid email',
    state: 'a state',
    nonce: 'a nonce',
    ...challenge,
  });
  const login = await browser.open(`${provider.authorization_endpoint}?${query}`);
  const { url } = await browser.submit(login, { username: 'uma', password: PASSWORD });
  expect(url.startsWith(`${CALLBACK}?`)).toBe(true);
  const answer = new URL(url).searchParams;
  expect(answer.get('state')).toBe('a state');

  const { status, body } = await page.token({
    grant_type: 'authorization_code',
    client_id: clientId,
    redirect_uri: CALLBACK,
    code: answer.get('code') ?? '',
    code_verifier: verifier,
  });
  expect(status).toBe(200);
  expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 3600 });

  const tokens = JwtVerifier.create({
    issuer: provider.issuer,
    audience: null,
    jwksUri: provider.jwks_uri,
  });
  tokens.cacheJwks(JSON.parse(await (await fetch(provider.jwks_uri)).text()));
  const id = await tokens.verify(body.id_token ?? '');
  expect(id).toMatchObject({
    sub,
    aud: clientId,
    token_use: 'id',
    nonce: 'a nonce',
    email: 'uma@example.com',
  });
  expect(id).not.toHaveProperty('name');
  const access = await tokens.verify(body.access_token ?? '');
  expect(access).toMatchObject({
    sub,
    client_id: clientId,
    token_use: 'access',
    scope: 'openid email',
  });
  expect(access.auth_time).toBe(id.auth_time);
  const digest = createHash('sha256')
    .update(body.access_token ?? '')
    .digest();
  expect(id.at_hash).toBe(digest.subarray(0, 16).toString('base64url'));

  const refreshed = await page.token({
    grant_type: 'refresh_token',
    client_id: clientId,
    refresh_token: body.refresh_token ?? '',
  });
  expect(refreshed.status).toBe(200);
  expect(refreshed.body).not.toHaveProperty('refresh_token');
  expect(await tokens.verify(refreshed.body.access_token ?? '')).toMatchObject({
    scope: 'openid email',
  });
  expect(await tokens.verify(refreshed.body.id_token ?? '')).not.toHaveProperty('nonce');

  const authorization = `Bearer ${refreshed.body.access_token}`;
  const info = await fetch(provider.userinfo_endpoint, { headers: { authorization } });
  expect(await info.json()).toEqual({
    sub,
    username: 'uma',
    email: 'uma@example.com',
    email_verified: 'false',
  });
});
