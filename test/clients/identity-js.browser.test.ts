import {
  AdminCreateUserCommand,
  AdminGetUserCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { testBrowser } from '../browser/browser.js';
import {
  claimsOf,
  PASSWORD,
  type Place,
  refreshWith,
  refusal,
  startTestPool,
  type TestPool,
} from '../local-pool/test-pool.js';
import { lastCode } from './last-code.js';
import type { Libraries } from './page/main.js';
import { closeNode, inNode, inPage, type Remote } from './remote.js';
import { type ServedPage, servePage } from './serve-page.js';

const NEW_PASSWORD = 'Lifeguard2!';

const browser = testBrowser();
let pool: TestPool;
let served: ServedPage;
let place: Place;
let users = 0;

beforeAll(async () => {
  pool = await startTestPool();
  served = await servePage();
  place = await pool.place(
    {},
    { ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'] },
  );
});
afterAll(async () => {
  await closeNode();
  await served?.close();
  await pool?.close();
});

type Library = Remote<Libraries['identityJs']>;

async function browserLibrary(): Promise<Library> {
  const page = await browser.newPage();
  await page.goto(served.origin);
  return inPage(page, 'identityJs');
}

describe.each([
  ['a browser', browserLibrary],
  ['Node', async () => inNode('identityJs')],
])('amazon-cognito-identity-js in %s', (_where, open) => {
  /** The library, told nothing but where the pool is, and a name that nobody has yet. */
  async function start(): Promise<{ library: Library; username: string; email: string }> {
    const library = await open();
    await library.configure({ endpoint: pool.localPool.endpoint, ...place });
    users += 1;
    const username = `user${users}`;
    return { library, username, email: `${username}@example.com` };
  }

  async function startSignedIn() {
    const { library, username, email } = await start();
    const sub = await pool.addUser(place, username, { email, email_verified: 'true' });
    const tokens = await library.signIn(username, PASSWORD);
    return { library, username, email, sub, ...tokens };
  }

  test('signs up, confirms and signs in without sending the password', async () => {
    const { library, username, email } = await start();
    const { sub, confirmed } = await library.signUp(username, PASSWORD, email);
    expect(confirmed).toBe(false);
    expect(await refusal(library.signIn(username, PASSWORD))).toEqual({
      name: 'UserNotConfirmedException',
      message: 'User is not confirmed.',
    });
    const first = lastCode(pool, email);
    expect(await library.resendCode()).toEqual({
      CodeDeliveryDetails: {
        AttributeName: 'email',
        DeliveryMedium: 'EMAIL',
        Destination: 'u***@e***',
      },
    });
    expect((await refusal(library.confirm('000000'))).name).toBe('CodeMismatchException');
    const code = lastCode(pool, email);
    expect(code).not.toBe(first);
    expect(await library.confirm(code)).toBe('SUCCESS');
    const { accessToken, idToken, refreshToken } = await library.signIn(username, PASSWORD);
    expect(claimsOf(accessToken)).toMatchObject({ sub, username, client_id: place.clientId });
    expect(claimsOf(idToken)).toMatchObject({ sub, email, email_verified: true });
    expect(refreshToken).toEqual(expect.any(String));
  });

  test('is refused with a wrong password, and for a name that nobody has', async () => {
    const { library, username } = await startSignedIn();
    const wrong = { name: 'NotAuthorizedException', message: 'Incorrect username or password.' };
    expect(await refusal(library.signIn(username, NEW_PASSWORD))).toEqual(wrong);
    expect(await refusal(library.signIn('nobody', PASSWORD))).toEqual(wrong);
  });

  test('signs in by an alias', async () => {
    const { library, email, sub } = await startSignedIn();
    const { accessToken } = await library.signIn(email, PASSWORD);
    expect(claimsOf(accessToken)).toMatchObject({ sub });
  });

  test('keeps the session and refreshes it', async () => {
    const { library, accessToken, refreshToken } = await startSignedIn();
    expect(await library.restore()).toMatchObject({ accessToken, refreshToken });
    const refreshed = await library.refresh();
    expect(refreshed.refreshToken).toBe(refreshToken);
    expect(refreshed.accessToken).not.toBe(accessToken);
    expect(claimsOf(refreshed.accessToken).origin_jti).toBe(claimsOf(accessToken).origin_jti);
  });

  test('reads, changes, deletes and verifies attributes', async () => {
    const { library, sub, username } = await startSignedIn();
    expect(await library.updateAttributes({ name: 'Uma', locale: 'de' })).toBe('SUCCESS');
    expect(await library.deleteAttributes(['locale'])).toBe('SUCCESS');
    const email = `${username}@new.example.com`;
    await library.updateAttributes({ email });
    expect(await library.attributes()).toEqual({
      sub,
      name: 'Uma',
      email,
      email_verified: 'false',
    });
    await library.requestAttributeCode('email');
    expect(await library.verifyAttribute('email', lastCode(pool, email))).toBe('SUCCESS');
    expect(await library.attributes()).toMatchObject({ email, email_verified: 'true' });
  });

  test('changes the password', async () => {
    const { library, username } = await startSignedIn();
    expect((await refusal(library.changePassword('Wrong-1-password', NEW_PASSWORD))).name).toBe(
      'NotAuthorizedException',
    );
    expect(await library.changePassword(PASSWORD, NEW_PASSWORD)).toBe('SUCCESS');
    expect((await refusal(library.signIn(username, PASSWORD))).name).toBe('NotAuthorizedException');
    expect(await library.signIn(username, NEW_PASSWORD)).toHaveProperty('accessToken');
  });

  test('sets a new password with a code where the old one is forgotten', async () => {
    const { library, username, email } = await startSignedIn();
    expect(await library.forgotPassword(username)).toMatchObject({
      CodeDeliveryDetails: { DeliveryMedium: 'EMAIL', Destination: 'u***@e***' },
    });
    const code = lastCode(pool, email);
    expect((await refusal(library.confirmPassword(code, 'short'))).name).toBe(
      'InvalidPasswordException',
    );
    expect(await library.confirmPassword(code, NEW_PASSWORD)).toBe('SUCCESS');
    expect(await library.signIn(username, NEW_PASSWORD)).toHaveProperty('accessToken');
  });

  test('answers the challenge for a new password', async () => {
    const { library, username, email } = await start();
    await pool.cognito.send(
      new AdminCreateUserCommand({
        UserPoolId: place.poolId,
        Username: username,
        TemporaryPassword: PASSWORD,
        MessageAction: 'SUPPRESS',
        UserAttributes: [{ Name: 'email', Value: email }],
      }),
    );
    const { newPasswordRequired } = await library.signIn(username, PASSWORD);
    expect(newPasswordRequired).toMatchObject({
      userAttributes: { email },
      requiredAttributes: [],
    });
    const tokens = await library.completeNewPassword(NEW_PASSWORD, { name: 'New' });
    expect(claimsOf(tokens.idToken)).toMatchObject({ email, name: 'New' });
    expect(await library.signIn(username, NEW_PASSWORD)).toHaveProperty('accessToken');
  });

  test('signs out here, which revokes the refresh token', async () => {
    const { library, refreshToken } = await startSignedIn();
    await library.signOut();
    expect(await library.restore()).toBeUndefined();
    expect((await refusal(pool.cognito.send(refreshWith(place, refreshToken)))).message).toBe(
      'Refresh Token has been revoked',
    );
  });

  test('signs out everywhere', async () => {
    const { library, username, refreshToken } = await startSignedIn();
    await library.signIn(username, PASSWORD);
    expect(await library.globalSignOut()).toBe('SUCCESS');
    expect(await library.restore()).toBeUndefined();
    expect(await refusal(pool.cognito.send(refreshWith(place, refreshToken)))).toEqual({
      name: 'NotAuthorizedException',
      message: 'Refresh Token has been revoked',
    });
  });

  test('deletes the user', async () => {
    const { library, username } = await startSignedIn();
    expect(await library.deleteUser()).toBe('SUCCESS');
    const { name } = await refusal(
      pool.cognito.send(new AdminGetUserCommand({ UserPoolId: place.poolId, Username: username })),
    );
    expect(name).toBe('UserNotFoundException');
  });
});
