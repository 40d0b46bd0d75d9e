import { AdminDisableUserCommand } from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { PASSWORD } from '../test-pool.js';
import { alertOf, formOf, titleOf } from './browser.js';
import { isSignedIn, type SignInPage, startSignInPage, WITH_PAGE } from './sign-in-page.js';

let page: SignInPage;
beforeAll(async () => {
  page = await startSignInPage({
    Schema: [{ Name: 'given_name', Required: true, Mutable: true }],
  });
  const attributes = { given_name: 'Uma', email: 'uma@example.com', email_verified: 'true' };
  await page.pool.addUser(page.place, 'uma', attributes);
});
afterAll(() => page.pool.close());

describe('signing in', () => {
  test('works by user name and by e-mail address', async () => {
    expect(isSignedIn(await page.login(page.browser(), 'uma'))).toBe(true);
    expect(isSignedIn(await page.login(page.browser(), 'uma@example.com'))).toBe(true);
  });

  test.each([
    ['a wrong password', 'uma', 'wrong'],
    ['no password', 'uma', ''],
    ['an unknown person, who is not told of', 'nobody', PASSWORD],
  ])('is refused for %s', async (_case, username, password) => {
    const browser = page.browser();
    const shown = await page.login(browser, username, {}, password);
    expect([shown.status, titleOf(shown), alertOf(shown)]).toEqual([
      400,
      'Sign in',
      'Incorrect username or password.',
    ]);
    expect(formOf(shown.html).fields).toMatchObject({ username, password: '' });
    expect(shown.html).toMatch(/name="password"[^>]* aria-invalid="true" aria-describedby="error"/);
    expect([...browser.cookies.keys()].filter((name) => name.startsWith('cognito-'))).toEqual([]);
  });

  test('tells of an unknown person where the client says so', async () => {
    const place = await page.pool.place({}, { ...WITH_PAGE, PreventUserExistenceErrors: 'LEGACY' });
    const shown = await page.login(page.browser(), 'nobody', { client_id: place.clientId });
    expect(alertOf(shown)).toBe('User does not exist.');
  });

  test('is refused to who is disabled, once the password was right', async () => {
    await page.pool.addUser(page.place, 'dan', { given_name: 'Dan' });
    const { poolId } = page.place;
    await page.pool.cognito.send(
      new AdminDisableUserCommand({ UserPoolId: poolId, Username: 'dan' }),
    );
    expect(alertOf(await page.login(page.browser(), 'dan', {}, 'wrong'))).toBe(
      'Incorrect username or password.',
    );
    expect(alertOf(await page.login(page.browser(), 'dan'))).toBe('User is disabled.');
  });

  test('begins with the hint of the client', async () => {
    const shown = await page.browser().open(page.authorize({ login_hint: 'uma' }));
    expect(formOf(shown.html).fields.username).toBe('uma');
    expect(shown.html).toMatch(/name="password"[^>]* autofocus/);
  });

  test('after an error goes on with the request as it was', async () => {
    const browser = page.browser();
    const first = await page.login(browser, 'uma', { state: 's', nonce: 'n' }, 'wrong');
    const { url } = await browser.submit(first, { password: PASSWORD });
    expect(url).toMatch(/\?code=[\w-]+&state=s$/);
  });
});
