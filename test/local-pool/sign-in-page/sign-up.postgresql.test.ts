import { AdminDisableUserCommand } from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { PASSWORD } from '../test-pool.js';
import { alertOf, type Browser, formOf, noticeOf, titleOf } from './browser.js';
import {
  isSignedIn,
  type SignInPage,
  startSignInPage,
  statusOf,
  WITH_PAGE,
} from './sign-in-page.js';

let page: SignInPage;
beforeAll(async () => {
  page = await startSignInPage({
    Schema: [{ Name: 'given_name', Required: true, Mutable: true }],
  });
  const attributes = { given_name: 'Uma', email: 'uma@example.com', email_verified: 'true' };
  await page.pool.addUser(page.place, 'uma', attributes);
});
afterAll(() => page.pool.close());

/** Fills in the sign-up page. */
async function signUp(
  browser: Browser,
  username: string,
  change: Readonly<Record<string, string>> = {},
) {
  return browser.submit(await browser.open(page.at('/signup')), {
    username,
    password: PASSWORD,
    email: `${username}@example.com`,
    given_name: username,
    ...change,
  });
}

describe('signing up', () => {
  test('takes a code from the mailbox, and signs in where the password was chosen', async () => {
    const browser = page.browser();
    const confirm = await signUp(browser, 'nia');
    expect([titleOf(confirm), noticeOf(confirm)]).toEqual([
      'Confirm your account',
      'We have sent a code to n***@e***.',
    ]);
    const wrong = await browser.submit(confirm, { code: '12345' });
    expect([wrong.status, alertOf(wrong)]).toEqual([
      400,
      'Invalid verification code provided, please try again.',
    ]);
    const shown = await browser.submit(wrong, { code: page.sentCode('nia@example.com') });
    expect(isSignedIn(shown)).toBe(true);
    expect(await statusOf(page, 'nia')).toBe('CONFIRMED');
    expect(await page.pool.attributesOf(page.place, 'nia')).toMatchObject({
      email: 'nia@example.com',
      email_verified: 'true',
      given_name: 'nia',
    });
  });

  test('can be confirmed elsewhere, and is signed in by password then', async () => {
    await signUp(page.browser(), 'mei');
    const browser = page.browser();
    const begun = await page.login(browser, 'mei');
    expect([titleOf(begun), noticeOf(begun)]).toEqual([
      'Confirm your account',
      'Your account is not confirmed yet. Enter the code that we sent you.',
    ]);
    expect(formOf(begun.html).fields.username).toBe('mei');
    const login = await browser.submit(begun, { code: page.sentCode('mei@example.com') });
    expect([titleOf(login), noticeOf(login)]).toEqual([
      'Sign in',
      'Your account is confirmed. You can sign in now.',
    ]);
    expect(isSignedIn(await browser.submit(login, { password: PASSWORD }))).toBe(true);
  });

  test('does not sign in by the session of another’s sign-up', async () => {
    const [own, other] = [page.browser(), page.browser()];
    const begun = await signUp(own, 'eve');
    await signUp(other, 'ida');
    const shown = await own.submit(begun, {
      username: 'ida',
      code: page.sentCode('ida@example.com'),
    });
    expect(titleOf(shown)).toBe('Sign in');
  });

  test('does not sign in who was disabled meanwhile', async () => {
    const browser = page.browser();
    const confirm = await signUp(browser, 'una');
    const { poolId } = page.place;
    await page.pool.cognito.send(
      new AdminDisableUserCommand({ UserPoolId: poolId, Username: 'una' }),
    );
    const shown = await browser.submit(confirm, { code: page.sentCode('una@example.com') });
    expect([titleOf(shown), isSignedIn(shown)]).toEqual(['Sign in', false]);
  });

  test('sends a new code on request', async () => {
    const browser = page.browser();
    const confirm = await signUp(browser, 'liv');
    const before = page.sentCode('liv@example.com');
    const [, resend = ''] = /formaction="(\/resendcode[^"]*)"/.exec(confirm.html) ?? [];
    const html = confirm.html.replace(/action="\/confirmUser[^"]*"/, `action="${resend}"`);
    const again = await browser.submit({ ...confirm, html }, { code: '000' });
    expect([titleOf(again), noticeOf(again)]).toEqual([
      'Confirm your account',
      'We have sent a new code.',
    ]);
    expect(formOf(again.html).fields).toMatchObject({ username: 'liv', code: '' });
    expect(page.sentCode('liv@example.com')).not.toBe(before);
    expect(
      isSignedIn(await browser.submit(again, { code: page.sentCode('liv@example.com') })),
    ).toBe(true);
  });

  test.each([
    ['a weak password', { password: 'weak' }, /^Password did not conform with policy/, 'password'],
    ['a taken name', { username: 'uma' }, /^User already exists/, 'username'],
    ['a missing attribute', { given_name: '' }, /given_name: The attribute is required/, undefined],
    [
      'an e-mail address that is none',
      { email: 'nobody' },
      /^Invalid email address format/,
      undefined,
    ],
    ['no name', { username: '' }, /Value at 'username' failed/, undefined],
  ])('is refused for %s, with what was filled in', async (_case, change, message, field) => {
    const shown = await signUp(page.browser(), 'pia', change);
    expect([shown.status, titleOf(shown)]).toEqual([400, 'Sign up']);
    expect(alertOf(shown)).toMatch(message);
    const { fields } = formOf(shown.html);
    expect(fields.password).toBe('');
    expect(fields).toMatchObject({
      given_name: 'pia',
      email: 'pia@example.com',
      ...change,
      password: '',
    });
    expect(/name="(\w+)"[^>]* aria-invalid/.exec(shown.html)?.[1]).toBe(field);
  });

  test('asks for an address where that is the user name', async () => {
    const place = await page.pool.place(
      {
        AliasAttributes: [],
        UsernameAttributes: ['email'],
        UsernameConfiguration: { CaseSensitive: false },
      },
      WITH_PAGE,
    );
    const browser = page.browser();
    const form = await browser.open(page.at('/signup', {}, place));
    expect(Object.keys(formOf(form.html).fields)).toEqual(['_csrf', 'username', 'password']);
    expect(form.html).toContain('E-mail address</label>');
    const username = 'kai@example.com';
    const confirm = await browser.submit(form, { username, password: PASSWORD });
    expect(isSignedIn(await browser.submit(confirm, { code: page.sentCode(username) }))).toBe(true);
  });

  test('is not offered where only administrators make accounts', async () => {
    const place = await page.pool.place(
      { AdminCreateUserConfig: { AllowAdminCreateUserOnly: true } },
      WITH_PAGE,
    );
    const browser = page.browser();
    expect((await browser.open(page.at('/login', {}, place))).html).not.toContain('/signup');
    const form = await browser.open(page.at('/signup', {}, place));
    const shown = await browser.submit(form, {
      username: 'x',
      email: 'x@example.com',
      password: PASSWORD,
    });
    expect(alertOf(shown)).toBe('SignUp is not permitted for this user pool');
  });

  test('works for a client with a secret', async () => {
    const { clientId } = await page.confidential(WITH_PAGE);
    const browser = page.browser();
    const form = await browser.open(page.at('/signup', { client_id: clientId }));
    const confirm = await browser.submit(form, {
      username: 'zoe',
      password: PASSWORD,
      email: 'zoe@example.com',
      given_name: 'Zoe',
    });
    const shown = await browser.submit(confirm, { code: page.sentCode('zoe@example.com') });
    expect(isSignedIn(shown)).toBe(true);
  });
});
