import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { accessibilityFaults, testBrowser } from '../browser/browser.js';
import {
  claimsOf,
  PASSWORD,
  type Place,
  refreshWith,
  refusal,
  startTestPool,
  type TestPool,
} from '../local-pool/test-pool.js';
import { inPage } from './remote.js';
import { type ServedPage, servePage } from './serve-page.js';

const SCOPES = ['openid', 'email', 'profile', 'aws.cognito.signin.user.admin'];

const browser = testBrowser();
let pool: TestPool;
let served: ServedPage;
let place: Place;
let home: string;

beforeAll(async () => {
  pool = await startTestPool();
  served = await servePage();
  home = `${served.origin}/`;
  place = await pool.place(
    {},
    {
      ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
      SupportedIdentityProviders: ['COGNITO'],
      AllowedOAuthFlowsUserPoolClient: true,
      AllowedOAuthFlows: ['code'],
      AllowedOAuthScopes: SCOPES,
      CallbackURLs: [home],
      LogoutURLs: [`${home}?signed-out`],
    },
  );
});
afterAll(async () => {
  await served?.close();
  await pool?.close();
});

/** The library in the page that is open, told where the pool is. */
async function oidcIn(page: Page) {
  const oidc = inPage(page, 'oidc');
  await oidc.configure({ endpoint: pool.localPool.endpoint, ...place }, home, SCOPES.join(' '));
  return oidc;
}

/** Waits until the page has gone elsewhere, which cuts off the call that sent it there. */
async function follow(page: Page, call: Promise<unknown>, to: RegExp): Promise<void> {
  await Promise.all([page.waitForURL(to), call.catch(() => undefined)]);
}

async function enter(page: Page, username: string, password: string): Promise<void> {
  await page.getByLabel(/^(user name|e-mail)/i).fill(username);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

test('oidc-client-ts signs in by code and PKCE, refreshes, revokes and signs out', async () => {
  const email = 'uma@example.com';
  const sub = await pool.addUser(place, 'uma', { email, email_verified: 'true', name: 'Uma' });
  const page = await browser.newPage();
  await page.goto(home);
  await follow(page, (await oidcIn(page)).signIn(), /\/login\?/);
  const asked = browser.requested().find((url) => url.includes('/oauth2/authorize')) ?? '';
  expect(Object.fromEntries(new URL(asked).searchParams)).toMatchObject({
    response_type: 'code',
    code_challenge_method: 'S256',
  });
  expect(await accessibilityFaults(page)).toEqual([]);

  await enter(page, 'uma', 'Wrong-1-password');
  expect(await page.getByRole('alert').textContent()).toContain('Incorrect username or password.');
  await enter(page, 'uma', PASSWORD);
  await page.waitForURL(/\?code=/);
  const oidc = await oidcIn(page);
  const user = await oidc.finishSignIn();
  expect(user?.profile).toMatchObject({ sub, email, email_verified: 'true', name: 'Uma' });
  expect(claimsOf(user?.access_token)).toMatchObject({
    sub,
    username: 'uma',
    client_id: place.clientId,
    token_use: 'access',
    scope: expect.stringContaining('openid'),
  });
  expect(claimsOf(user?.id_token)).toMatchObject({ sub, aud: place.clientId, email });
  expect(await oidc.user()).toMatchObject({ access_token: user?.access_token });

  const refreshed = await oidc.refresh();
  expect(refreshed?.access_token).not.toBe(user?.access_token);
  expect(claimsOf(refreshed?.access_token)).toMatchObject({
    sub,
    origin_jti: claimsOf(user?.access_token).origin_jti,
  });
  await oidc.revokeTokens();
  const revoked = refreshWith(place, refreshed?.refresh_token);
  expect((await refusal(pool.cognito.send(revoked))).message).toBe(
    'Refresh Token has been revoked',
  );

  await follow(page, oidc.signOut(`${home}?signed-out`), /^[^?]+\?signed-out/);
  expect(await (await oidcIn(page)).user()).toBeUndefined();
  // Nor does the sign-in page know anybody any more.
  await follow(page, (await oidcIn(page)).signIn(), /\/login\?/);
  expect(await page.getByLabel('Password', { exact: true }).isVisible()).toBe(true);
});

test('a session of the sign-in page signs in again without a password', async () => {
  await pool.addUser(place, 'sam', { email: 'sam@example.com', email_verified: 'true' });
  const page = await browser.newPage();
  await page.goto(home);
  await follow(page, (await oidcIn(page)).signIn(), /\/login\?/);
  await enter(page, 'sam', PASSWORD);
  await page.waitForURL(/\?code=/);
  const first = await (await oidcIn(page)).finishSignIn();
  await page.goto(home);
  await follow(page, (await oidcIn(page)).signIn(), /\?code=/);
  const second = await (await oidcIn(page)).finishSignIn();
  expect(second?.profile.sub).toBe(first?.profile.sub);
  expect(second?.access_token).not.toBe(first?.access_token);
});

test('a code is good once, and for the browser alone that asked for it', async () => {
  await pool.addUser(place, 'ada', { email: 'ada@example.com', email_verified: 'true' });
  const page = await browser.newPage();
  await page.goto(home);
  await follow(page, (await oidcIn(page)).signIn(), /\/login\?/);
  await enter(page, 'ada', PASSWORD);
  await page.waitForURL(/\?code=/);
  const callback = page.url();
  const elsewhere = await browser.newPage();
  await elsewhere.goto(callback);
  expect((await refusal((await oidcIn(elsewhere)).finishSignIn())).message).toContain('state');
  expect(await (await oidcIn(page)).finishSignIn()).toHaveProperty('access_token');
  expect((await refusal((await oidcIn(page)).finishSignIn())).message).toContain('state');
});
