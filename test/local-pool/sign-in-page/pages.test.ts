import {
  AdminCreateUserCommand,
  AdminDisableUserCommand,
  AdminGetUserCommand,
  AdminResetUserPasswordCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { PASSWORD } from '../test-pool.js';
import { alertOf, type Browser, formOf, noticeOf, type Shown, titleOf } from './browser.js';
import { CALLBACK, type SignInPage, startSignInPage, WITH_PAGE } from './sign-in-page.js';

const ANOTHER = 'Another2?';

let page: SignInPage;
beforeAll(async () => {
  page = await startSignInPage({
    Schema: [{ Name: 'given_name', Required: true, Mutable: true }],
  });
  const attributes = { given_name: 'Uma', email: 'uma@example.com', email_verified: 'true' };
  await page.pool.addUser(page.place, 'uma', attributes);
});
afterAll(() => page.pool.close());

/** A page of an authorization request. */
function at(
  path: string,
  parameters: Readonly<Record<string, string | undefined>> = {},
  place = page.place,
) {
  return page.authorize(parameters, place).replace('/oauth2/authorize', path);
}

async function statusOf(username: string): Promise<string | undefined> {
  const { poolId } = page.place;
  const { UserStatus } = await page.pool.cognito.send(
    new AdminGetUserCommand({ UserPoolId: poolId, Username: username }),
  );
  return UserStatus;
}

const isSignedIn = ({ url }: Shown) => url.startsWith(`${CALLBACK}?code=`);

/** Fills in the sign-up page. */
async function signUp(
  browser: Browser,
  username: string,
  change: Readonly<Record<string, string>> = {},
) {
  return browser.submit(await browser.open(at('/signup')), {
    username,
    password: PASSWORD,
    email: `${username}@example.com`,
    given_name: username,
    ...change,
  });
}

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
    expect(await statusOf('nia')).toBe('CONFIRMED');
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
    const form = await browser.open(at('/signup', {}, place));
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
    expect((await browser.open(at('/login', {}, place))).html).not.toContain('/signup');
    const form = await browser.open(at('/signup', {}, place));
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
    const form = await browser.open(at('/signup', { client_id: clientId }));
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

describe('a forgotten password', () => {
  test('is replaced by the code that was sent', async () => {
    await page.pool.addUser(page.place, 'ann', {
      given_name: 'Ann',
      email: 'ann@example.com',
      email_verified: 'true',
    });
    const browser = page.browser();
    const change = await browser.submit(await browser.open(at('/forgotPassword')), {
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
    const shown = await browser.submit(await browser.open(at('/forgotPassword')), {
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
    expect(await statusOf('fay')).toBe('CONFIRMED');
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
    expect(titleOf(await page.browser().open(at('/newPassword')))).toBe('Sign in');
    expect(await statusOf('gus')).toBe('FORCE_CHANGE_PASSWORD');
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
    expect(await statusOf('hal')).toBe('FORCE_CHANGE_PASSWORD');
  });
});
