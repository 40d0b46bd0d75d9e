import {
  AdminCreateUserCommand,
  AdminGetUserCommand,
  CreateUserPoolClientCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { testBrowser } from '../browser/browser.js';
import {
  claimsOf,
  PASSWORD,
  type Place,
  refusal,
  startTestPool,
  type TestPool,
} from '../local-pool/test-pool.js';
import { lastCode } from './last-code.js';
import { closeNode, inNode, inPage } from './remote.js';
import { type ServedPage, servePage } from './serve-page.js';

const NEW_PASSWORD = 'Lifeguard2!';
const DONE = { isSignedIn: true, nextStep: { signInStep: 'DONE' } };

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
    { ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH', 'ALLOW_USER_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'] },
  );
});
afterAll(async () => {
  await closeNode();
  await served?.close();
  await pool?.close();
});

async function amplifyInPage() {
  const page = await browser.newPage();
  await page.goto(served.origin);
  return inPage(page, 'amplify');
}

async function amplifyInNode() {
  const amplify = inNode('amplify');
  // One for the whole file, in which somebody may be signed in.
  await amplify.configure({ endpoint: pool.localPool.endpoint, ...place });
  await amplify.signOut();
  return amplify;
}

describe.each([
  ['a browser', amplifyInPage],
  ['Node', amplifyInNode],
])('aws-amplify in %s', (_where, open) => {
  async function start() {
    const amplify = await open();
    await amplify.configure({ endpoint: pool.localPool.endpoint, ...place });
    users += 1;
    const username = `user${users}`;
    return { amplify, username, email: `${username}@example.com` };
  }

  async function startSignedIn() {
    const { amplify, username, email } = await start();
    const sub = await pool.addUser(place, username, { email, email_verified: 'true' });
    expect(await amplify.signIn({ username, password: PASSWORD })).toEqual(DONE);
    return { amplify, username, email, sub };
  }

  test('signs up, confirms, and signs in by itself with the session of the confirmation', async () => {
    const { amplify, username, email } = await start();
    const signedUp = await amplify.signUp({
      username,
      password: PASSWORD,
      options: { userAttributes: { email }, autoSignIn: { authFlowType: 'USER_AUTH' } },
    });
    expect(signedUp).toMatchObject({
      isSignUpComplete: false,
      nextStep: {
        signUpStep: 'CONFIRM_SIGN_UP',
        codeDeliveryDetails: {
          attributeName: 'email',
          deliveryMedium: 'EMAIL',
          destination: 'u***@e***',
        },
      },
    });
    await amplify.resendSignUpCode({ username });
    const confirmed = await amplify.confirmSignUp({
      username,
      confirmationCode: lastCode(pool, email),
    });
    expect(confirmed).toMatchObject({
      isSignUpComplete: true,
      nextStep: { signUpStep: 'COMPLETE_AUTO_SIGN_IN' },
    });
    expect(await amplify.autoSignIn()).toEqual(DONE);
    const { accessToken, idToken, userSub } = await amplify.tokens(false);
    expect(claimsOf(accessToken)).toMatchObject({ sub: signedUp.userId, username });
    expect(claimsOf(idToken)).toMatchObject({ email, email_verified: true });
    expect(userSub).toBe(signedUp.userId);
  });

  test('is sent to the confirmation where it is missing', async () => {
    const { amplify, username, email } = await start();
    await amplify.signUp({ username, password: PASSWORD, options: { userAttributes: { email } } });
    expect(await amplify.signIn({ username, password: PASSWORD })).toEqual({
      isSignedIn: false,
      nextStep: { signInStep: 'CONFIRM_SIGN_UP' },
    });
  });

  test('signs in by SRP, and is refused with a wrong password', async () => {
    const { amplify, username, email, sub } = await startSignedIn();
    expect(await amplify.getCurrentUser()).toEqual({
      username,
      userId: sub,
      signInDetails: { loginId: username, authFlowType: 'USER_SRP_AUTH' },
    });
    await amplify.signOut();
    const wrong = { name: 'NotAuthorizedException', message: 'Incorrect username or password.' };
    expect(await refusal(amplify.signIn({ username, password: NEW_PASSWORD }))).toEqual(wrong);
    expect(await refusal(amplify.signIn({ username: 'nobody', password: PASSWORD }))).toEqual(
      wrong,
    );
    expect(await amplify.signIn({ username: email, password: PASSWORD })).toEqual(DONE);
  });

  test.each(['PASSWORD', 'PASSWORD_SRP'] as const)(
    'signs in by USER_AUTH where %s is preferred',
    async (preferredChallenge) => {
      const { amplify, username } = await startSignedIn();
      await amplify.signOut();
      const options = { authFlowType: 'USER_AUTH', preferredChallenge } as const;
      expect(await amplify.signIn({ username, password: PASSWORD, options })).toEqual(DONE);
      const wrong = amplify
        .signOut()
        .then(() => amplify.signIn({ username, password: NEW_PASSWORD, options }));
      expect((await refusal(wrong)).name).toBe('NotAuthorizedException');
    },
  );

  test('signs in by USER_AUTH by choosing among the challenges', async () => {
    const { amplify, username } = await startSignedIn();
    await amplify.signOut();
    const { nextStep } = await amplify.signIn({ username, options: { authFlowType: 'USER_AUTH' } });
    expect(nextStep).toMatchObject({
      signInStep: 'CONTINUE_SIGN_IN_WITH_FIRST_FACTOR_SELECTION',
      availableChallenges: expect.arrayContaining(['PASSWORD', 'PASSWORD_SRP']),
    });
    const chosen = await amplify.confirmSignIn({ challengeResponse: 'PASSWORD_SRP' });
    expect(chosen.nextStep).toEqual({ signInStep: 'CONFIRM_SIGN_IN_WITH_PASSWORD' });
    expect(await amplify.confirmSignIn({ challengeResponse: PASSWORD })).toEqual(DONE);
  });

  test('refreshes the session', async () => {
    const { amplify } = await startSignedIn();
    const before = await amplify.tokens(false);
    expect(await amplify.tokens(false)).toEqual(before);
    const after = await amplify.tokens(true);
    expect(after.accessToken).not.toBe(before.accessToken);
    expect(claimsOf(after.accessToken).origin_jti).toBe(claimsOf(before.accessToken).origin_jti);
  });

  test('refreshes the session where refresh tokens rotate', async () => {
    const { amplify, username } = await startSignedIn();
    await amplify.signOut();
    const client = await pool.cognito.send(
      new CreateUserPoolClientCommand({
        UserPoolId: place.poolId,
        ClientName: 'rotating',
        ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH'],
        RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 0 },
      }),
    );
    const clientId = client.UserPoolClient?.ClientId ?? '';
    await amplify.configure({ endpoint: pool.localPool.endpoint, poolId: place.poolId, clientId });
    expect(await amplify.signIn({ username, password: PASSWORD })).toEqual(DONE);
    const issued = [await amplify.tokens(false), await amplify.tokens(true)];
    // With the refresh token that came with the second ones, as the first is used up.
    issued.push(await amplify.tokens(true));
    expect(new Set(issued.map(({ accessToken }) => accessToken)).size).toBe(3);
    expect(new Set(issued.map(({ userSub }) => userSub)).size).toBe(1);
    // The next test signs out at the place that it knows.
    await amplify.signOut();
  });

  test('reads, changes, deletes and verifies attributes', async () => {
    const { amplify, username, sub } = await startSignedIn();
    const email = `${username}@new.example.com`;
    expect(
      await amplify.updateUserAttributes({ userAttributes: { name: 'Uma', locale: 'de', email } }),
    ).toMatchObject({
      name: { isUpdated: true },
      email: {
        isUpdated: false,
        nextStep: { updateAttributeStep: 'CONFIRM_ATTRIBUTE_WITH_CODE' },
      },
    });
    await amplify.deleteUserAttributes({ userAttributeKeys: ['locale'] });
    await amplify.sendUserAttributeVerificationCode({ userAttributeKey: 'email' });
    await amplify.confirmUserAttribute({
      userAttributeKey: 'email',
      confirmationCode: lastCode(pool, email),
    });
    expect(await amplify.fetchUserAttributes()).toEqual({
      sub,
      name: 'Uma',
      email,
      email_verified: 'true',
    });
  });

  test('changes the password', async () => {
    const { amplify, username } = await startSignedIn();
    const change = { oldPassword: PASSWORD, newPassword: NEW_PASSWORD };
    await amplify.updatePassword(change);
    expect((await refusal(amplify.updatePassword(change))).name).toBe('NotAuthorizedException');
    await amplify.signOut();
    expect(await amplify.signIn({ username, password: NEW_PASSWORD })).toEqual(DONE);
  });

  test('sets a new password with a code where the old one is forgotten', async () => {
    const { amplify, username, email } = await start();
    await pool.addUser(place, username, { email, email_verified: 'true' });
    expect(await amplify.resetPassword({ username })).toMatchObject({
      isPasswordReset: false,
      nextStep: {
        resetPasswordStep: 'CONFIRM_RESET_PASSWORD_WITH_CODE',
        codeDeliveryDetails: { deliveryMedium: 'EMAIL', destination: 'u***@e***' },
      },
    });
    await amplify.confirmResetPassword({
      username,
      newPassword: NEW_PASSWORD,
      confirmationCode: lastCode(pool, email),
    });
    expect(await amplify.signIn({ username, password: NEW_PASSWORD })).toEqual(DONE);
  });

  test('answers the challenge for a new password', async () => {
    const { amplify, username, email } = await start();
    await pool.cognito.send(
      new AdminCreateUserCommand({
        UserPoolId: place.poolId,
        Username: username,
        TemporaryPassword: PASSWORD,
        MessageAction: 'SUPPRESS',
        UserAttributes: [{ Name: 'email', Value: email }],
      }),
    );
    expect(await amplify.signIn({ username, password: PASSWORD })).toEqual({
      isSignedIn: false,
      nextStep: {
        signInStep: 'CONFIRM_SIGN_IN_WITH_NEW_PASSWORD_REQUIRED',
        missingAttributes: [],
      },
    });
    const options = { userAttributes: { name: 'New' } };
    expect(await amplify.confirmSignIn({ challengeResponse: NEW_PASSWORD, options })).toEqual(DONE);
    expect(await amplify.fetchUserAttributes()).toMatchObject({ name: 'New' });
  });

  test('signs out everywhere', async () => {
    const { amplify, username } = await startSignedIn();
    const { accessToken } = await amplify.tokens(false);
    await amplify.signOut({ global: true });
    expect((await refusal(amplify.getCurrentUser())).name).toBe('UserUnAuthenticatedException');
    const library = inNode('awsSdk');
    await library.configure({ endpoint: pool.localPool.endpoint, ...place });
    expect(await refusal(library.getUser({ AccessToken: accessToken }))).toEqual({
      name: 'NotAuthorizedException',
      message: 'Access Token has been revoked',
    });
    expect(await amplify.signIn({ username, password: PASSWORD })).toEqual(DONE);
  });

  // Not right after the other: within 300 ms of one automatic sign-in Amplify forgets the next.
  test('signs up, confirms, and signs in by itself with the password', async () => {
    const { amplify, username, email } = await start();
    await amplify.signUp({
      username,
      password: PASSWORD,
      options: { userAttributes: { email }, autoSignIn: true },
    });
    await amplify.confirmSignUp({ username, confirmationCode: lastCode(pool, email) });
    expect(await amplify.autoSignIn()).toEqual(DONE);
    expect(await amplify.getCurrentUser()).toMatchObject({ username });
  });

  test('deletes the user', async () => {
    const { amplify, username } = await startSignedIn();
    await amplify.deleteUser();
    const { name } = await refusal(
      pool.cognito.send(new AdminGetUserCommand({ UserPoolId: place.poolId, Username: username })),
    );
    expect(name).toBe('UserNotFoundException');
  });
});
