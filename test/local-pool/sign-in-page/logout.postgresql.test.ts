import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { refreshWith } from '../test-pool.js';
import { alertOf, type Browser, titleOf } from './browser.js';
import { CALLBACK, LOGGED_OUT, type SignInPage, startSignInPage } from './sign-in-page.js';

let page: SignInPage;
let browser: Browser;
beforeAll(async () => {
  page = await startSignInPage();
  await page.pool.addUser(page.place, 'uma', { email: 'uma@example.com' });
  browser = page.browser();
});
afterAll(() => page.pool.close());

function logout(parameters: Readonly<Record<string, string>>): string {
  return `/logout?${new URLSearchParams({ client_id: page.place.clientId, ...parameters })}`;
}

async function isSignedIn(): Promise<boolean> {
  const { url } = await browser.open(page.authorize({ prompt: 'none' }));
  return new URL(url).searchParams.has('code');
}

test('ends the browser’s session and leads to the client’s page for that', async () => {
  await page.login(browser, 'uma', { prompt: 'login' });
  expect(await isSignedIn()).toBe(true);
  const cookies = new Map(browser.cookies);
  const { url } = await browser.open(logout({ logout_uri: LOGGED_OUT }));
  expect(url).toBe(LOGGED_OUT);
  expect([...browser.cookies.keys()]).toEqual([`XSRF-TOKEN-${page.place.poolId}`]);
  expect(await isSignedIn()).toBe(false);
  // Whoever kept the cookie has nothing of it.
  for (const [name, value] of cookies) browser.cookies.set(name, value);
  expect(await isSignedIn()).toBe(false);
});

test('leads to the login for the next person, with the same request', async () => {
  await page.login(browser, 'uma', { prompt: 'login' });
  const again = { response_type: 'code', redirect_uri: CALLBACK, state: 'next', scope: 'openid' };
  const shown = await browser.open(logout(again));
  expect(titleOf(shown)).toBe('Sign in');
  expect(Object.fromEntries(new URL(shown.url).searchParams)).toEqual({
    client_id: page.place.clientId,
    ...again,
  });
  expect(await isSignedIn()).toBe(false);
});

test('leaves tokens as they are', async () => {
  const { RefreshToken } = await page.pool.signIn(page.place, 'uma');
  await page.login(browser, 'uma', { prompt: 'login' });
  await browser.open(logout({ logout_uri: LOGGED_OUT }));
  const { AuthenticationResult } = await page.pool.cognito.send(
    refreshWith(page.place, RefreshToken),
  );
  expect(AuthenticationResult?.AccessToken).toBeDefined();
});

test('is for who is not signed in as well', async () => {
  expect((await page.browser().open(logout({ logout_uri: LOGGED_OUT }))).url).toBe(LOGGED_OUT);
});

describe('goes nowhere, and ends nothing, with', () => {
  test.each([
    ['a slash more', { logout_uri: `${LOGGED_OUT}/` }],
    ['a foreign host', { logout_uri: 'https://evil.example.com/bye' }],
    ['a foreign host before it', { logout_uri: 'https://app.example.com@evil.example.com/bye' }],
    ['a query more', { logout_uri: `${LOGGED_OUT}?next=https://evil.example.com` }],
    ['other case', { logout_uri: LOGGED_OUT.toUpperCase() }],
    ['script', { logout_uri: 'javascript:alert(1)' }],
    ['a callback URL', { logout_uri: CALLBACK }],
    ['the parameter of OpenID Connect', { post_logout_redirect_uri: LOGGED_OUT }],
    ['an unknown client', { client_id: 'x'.repeat(26), logout_uri: LOGGED_OUT }],
    ['a foreign redirect URI', { response_type: 'code', redirect_uri: 'https://evil.example.com' }],
    ['no address', {}],
  ])('%s', async (_case, parameters) => {
    await page.login(browser, 'uma', { prompt: 'login' });
    const shown = await browser.open(logout(parameters));
    expect([shown.status, shown.url.startsWith(page.pool.localPool.endpoint)]).toEqual([400, true]);
    expect(alertOf(shown)).not.toBe('');
    expect(await isSignedIn()).toBe(true);
  });
});
