import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { claimsOf, PASSWORD } from '../test-pool.js';
import { alertOf, titleOf } from './browser.js';
import {
  CALLBACK,
  isSignedIn,
  type SignInPage,
  startSignInPage,
  statusOf,
} from './sign-in-page.js';

let page: SignInPage;
/** The sources of the events that came, in order. */
let sources: string[] = [];
/** What happens while tokens are made. */
let meanwhile = async () => {};
beforeAll(async () => {
  page = await startSignInPage(
    {},
    {
      PreSignUp: async (event) => {
        sources.push(event.triggerSource);
        if (event.userName === 'eve') throw new Error('Not you.');
        return { ...event, response: { ...event.response, autoConfirmUser: true } };
      },
      PostConfirmation: async (event) => {
        sources.push(event.triggerSource);
        return event;
      },
      PreTokenGeneration: async (event) => {
        sources.push(event.triggerSource);
        await meanwhile();
        const claimsToAddOrOverride = { plan: 'gold' };
        const accessTokenGeneration = { claimsToAddOrOverride, scopesToAdd: ['extra'] };
        const idTokenGeneration = { claimsToAddOrOverride };
        const claimsAndScopeOverrideDetails = { accessTokenGeneration, idTokenGeneration };
        return { ...event, response: { claimsAndScopeOverrideDetails } };
      },
      UserMigration: async (event) => {
        sources.push(event.triggerSource);
        if (event.request.password !== PASSWORD) throw new Error('Bad password');
        const userAttributes = { email: 'old@example.com', email_verified: 'true' };
        return { ...event, response: { userAttributes, finalUserStatus: 'CONFIRMED' } };
      },
    },
  );
});
beforeEach(() => {
  sources = [];
  meanwhile = async () => {};
});
afterAll(() => page.pool.close());

const signUp = async (username: string) => {
  const browser = page.browser();
  const form = await browser.open(page.at('/signup'));
  return browser.submit(form, { username, password: PASSWORD, email: `${username}@example.com` });
};

test('a sign-up that a trigger confirms is signed in at once', async () => {
  expect(isSignedIn(await signUp('nia'))).toBe(true);
  expect(sources).toEqual(['PreSignUp_SignUp', 'PostConfirmation_ConfirmSignUp']);
});

test('a sign-up that a trigger refuses is told so', async () => {
  const shown = await signUp('eve');
  expect([titleOf(shown), alertOf(shown)]).toEqual([
    'Sign up',
    'PreSignUp failed with error Not you..',
  ]);
});

test('a person of another directory is brought over by signing in', async () => {
  expect(isSignedIn(await page.login(page.browser(), 'old'))).toBe(true);
  expect(await statusOf(page, 'old')).toBe('CONFIRMED');
  expect(sources).toContain('UserMigration_Authentication');
  const refused = await page.login(page.browser(), 'other', {}, 'wrong');
  expect([titleOf(refused), isSignedIn(refused)]).toEqual(['Sign in', false]);
});

test('tokens have what a trigger adds, at first and after a refresh', async () => {
  await page.pool.addUser(page.place, 'uma', { email: 'uma@example.com' });
  const client_id = page.place.clientId;
  const { body } = await page.token({
    grant_type: 'authorization_code',
    client_id,
    redirect_uri: CALLBACK,
    code: await page.code('uma', { scope: 'openid' }),
  });
  expect(claimsOf(body.id_token)).toMatchObject({ plan: 'gold' });
  const { body: refreshed } = await page.token({
    grant_type: 'refresh_token',
    client_id,
    refresh_token: body.refresh_token ?? '',
  });
  for (const token of [body.access_token, refreshed.access_token])
    expect(claimsOf(token)).toMatchObject({ plan: 'gold', scope: 'openid extra' });
  const ofTokens = sources.filter((source) => source.startsWith('TokenGeneration'));
  expect(ofTokens).toEqual(['TokenGeneration_HostedAuth', 'TokenGeneration_RefreshTokens']);
});

test('a code that is used again while its tokens are made gives none at all', async () => {
  await page.pool.addUser(page.place, 'ida', { email: 'ida@example.com' });
  const form = {
    grant_type: 'authorization_code',
    client_id: page.place.clientId,
    redirect_uri: CALLBACK,
    code: await page.code('ida'),
  };
  let second: unknown;
  meanwhile = async () => {
    second = (await page.token(form)).body.error;
  };
  const { body } = await page.token(form);
  expect([body.error, second]).toEqual(['invalid_grant', 'invalid_grant']);
  const signIns = await page.pool.sql.query<{ revoked: boolean }>(
    `select revoked from local_pool.sign_in s join local_pool.account a using (pool_id, sub)
     where a.username = 'ida'`,
  );
  expect(signIns).toEqual([{ revoked: true }]);
});
