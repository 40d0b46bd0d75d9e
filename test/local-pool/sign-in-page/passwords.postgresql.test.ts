import {
  AdminCreateUserCommand,
  AdminResetUserPasswordCommand,
  AdminSetUserPasswordCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { PASSWORD } from '../test-pool.js';
import { alertOf, noticeOf, titleOf } from './browser.js';
import {
  isSignedIn,
  type SignInPage,
  startSignInPage,
  statusOf,
  WITH_PAGE,
} from './sign-in-page.js';

const ANOTHER = 'Another2?';

let page: SignInPage;
beforeAll(async () => {
  page = await startSignInPage({
    Schema: [{ Name: 'given_name', Required: true, Mutable: true }],
  });
});
afterAll(() => page.pool.close());

describe('a forgotten password', () => {
  test('is replaced by the code that was sent', async () => {
    await page.pool.addUser(page.place, 'ann', {
      given_name: 'Ann',
      email: 'ann@example.com',
      email_verified: 'true',
    });
    const browser = page.browser();
    const change = await browser.submit(await browser.open(page.at('/forgotPassword')), {
      username: 'ann',
    });
    expect([titleOf(change), noticeOf(change)]).toEqual([
      'Choose a new password',
      'We have sent you a code.',
    ]);
    const code = page.sentCode('ann@example.com');
    const wrong = await browser.submit(change, { code: '12345', password: ANOTHER });
    expect(alertOf(wrong)).toBe('Invalid verification code provided, please try again.');
    const weak = await browser.submit(change, { code, password: 'weak' });
    expect(alertOf(weak)).toMatch(/^Password did not conform/);
    const login = await browser.submit(change, { code, password: ANOTHER });
    expect(noticeOf(login)).toBe('Your password was changed. You can sign in now.');
    expect(alertOf(await browser.submit(login, { password: PASSWORD }))).not.toBe('');
    expect(isSignedIn(await browser.submit(login, { password: ANOTHER }))).toBe(true);
  });

  test('of an unknown person is asked for just so', async () => {
    const browser = page.browser();
    const shown = await browser.submit(await browser.open(page.at('/forgotPassword')), {
      username: 'nobody',
    });
    expect(noticeOf(shown)).toBe('We have sent you a code.');
    expect(page.pool.logged.filter((line) => line.includes('nobody'))).toEqual([]);
  });

  test('that an administrator reset has to be replaced', async () => {
    await page.pool.addUser(page.place, 'ben', {
      given_name: 'Ben',
      email: 'ben@example.com',
      email_verified: 'true',
    });
    const { poolId } = page.place;
    await page.pool.cognito.send(
      new AdminResetUserPasswordCommand({ UserPoolId: poolId, Username: 'ben' }),
    );
    const browser = page.browser();
    const change = await page.login(browser, 'ben');
    expect(noticeOf(change)).toBe(
      'Your password has to be reset. Enter the code that we sent you.',
    );
    const code = page.sentCode('ben@example.com');
    const login = await browser.submit(change, { code, password: ANOTHER });
    expect(isSignedIn(await browser.submit(login, { password: ANOTHER }))).toBe(true);
  });
});

describe('a temporary password', () => {
  const invite = (Username: string) =>
    page.pool.cognito.send(
      new AdminCreateUserCommand({
        UserPoolId: page.place.poolId,
        Username,
        TemporaryPassword: PASSWORD,
        MessageAction: 'SUPPRESS',
      }),
    );

  test('leads to a new one, and to what the pool still needs', async () => {
    await invite('fay');
    const browser = page.browser();
    const change = await page.login(browser, 'fay', { state: 's' });
    expect([change.status, titleOf(change)]).toEqual([200, 'Choose a new password']);
    expect([...browser.cookies.keys()].filter((name) => name.startsWith('cognito-'))).toEqual([]);
    expect(change.html).not.toContain(PASSWORD);
    const weak = await browser.submit(change, { password: 'weak', given_name: 'Fay' });
    expect(alertOf(weak)).toMatch(/^Password did not conform/);
    const missing = await browser.submit(weak, { password: ANOTHER, given_name: '' });
    expect(alertOf(missing)).toMatch(/given_name: The attribute is required/);
    const shown = await browser.submit(missing, { password: ANOTHER, given_name: 'Fay' });
    expect(shown.url).toMatch(/\?code=[\w-]+&state=s$/);
    expect(await statusOf(page, 'fay')).toBe('CONFIRMED');
    expect(isSignedIn(await page.login(page.browser(), 'fay', {}, ANOTHER))).toBe(true);
    const again = await browser.submit(missing, { password: 'Third3!!', given_name: 'Eve' });
    expect([titleOf(again), noticeOf(again)]).toEqual([
      'Sign in',
      'That took too long. Please sign in again.',
    ]);
    expect(isSignedIn(await page.login(page.browser(), 'fay', {}, ANOTHER))).toBe(true);
  });

  test('is not replaced without it', async () => {
    await invite('gus');
    const browser = page.browser();
    const change = await page.login(browser, 'gus');
    const forged = {
      session: 'A'.repeat(128),
      username: 'gus',
      password: ANOTHER,
      given_name: 'Gus',
    };
    expect(titleOf(await browser.submit(change, forged))).toBe('Sign in');
    expect(titleOf(await page.browser().open(page.at('/newPassword')))).toBe('Sign in');
    const sent = { password: ANOTHER, given_name: 'Gus', _csrf: 'A'.repeat(43) };
    const begun = await page.login(browser, 'gus');
    expect(titleOf(await browser.submit(begun, sent))).toBe('Sign in');
    expect(await statusOf(page, 'gus')).toBe('FORCE_CHANGE_PASSWORD');
  });

  test('that an administrator replaced meanwhile stays so', async () => {
    await invite('joy');
    const browser = page.browser();
    const change = await page.login(browser, 'joy');
    const { poolId } = page.place;
    await page.pool.cognito.send(
      new AdminSetUserPasswordCommand({
        UserPoolId: poolId,
        Username: 'joy',
        Password: 'Third3!!',
        Permanent: true,
      }),
    );
    const shown = await browser.submit(change, { password: ANOTHER, given_name: 'Joy' });
    expect(noticeOf(shown)).toBe('That took too long. Please sign in again.');
    expect(isSignedIn(await page.login(page.browser(), 'joy', {}, 'Third3!!'))).toBe(true);
  });

  test('has a session that is no good at another client', async () => {
    await invite('hal');
    const browser = page.browser();
    const change = await page.login(browser, 'hal');
    const { clientId } = await page.confidential(WITH_PAGE);
    const html = change.html.replaceAll(page.place.clientId, clientId);
    const shown = await browser.submit(
      { ...change, html },
      { password: ANOTHER, given_name: 'Hal' },
    );
    expect(titleOf(shown)).toBe('Sign in');
    expect(await statusOf(page, 'hal')).toBe('FORCE_CHANGE_PASSWORD');
  });
});
