import {
  AdminUserGlobalSignOutCommand,
  type AuthenticationResultType,
  GetUserCommand,
  GlobalSignOutCommand,
  RevokeTokenCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Place, refreshWith, refusal, startTestPool, type TestPool } from './test-pool.js';

let pool: TestPool;
let place: Place;
let tokens: AuthenticationResultType;
beforeAll(async () => {
  pool = await startTestPool();
});
beforeEach(async () => {
  place = await pool.place();
  await pool.addUser(place, 'uma', { email: 'uma@example.com', email_verified: 'true' });
  tokens = await pool.signIn(place, 'uma');
});
afterAll(() => pool.close());

const getUser = (token = tokens.AccessToken) =>
  pool.cognito.send(new GetUserCommand({ AccessToken: token }));
const refresh = (token = tokens.RefreshToken) => pool.cognito.send(refreshWith(place, token));
const ofUser = () => ({ UserPoolId: place.poolId, Username: 'uma' });

const REVOKED = { name: 'NotAuthorizedException', message: 'Access Token has been revoked' };

describe('signing out everywhere', () => {
  test.each<[string, () => Promise<unknown>]>([
    [
      'by oneself',
      () => pool.cognito.send(new GlobalSignOutCommand({ AccessToken: tokens.AccessToken })),
    ],
    ['by an administrator', () => pool.cognito.send(new AdminUserGlobalSignOutCommand(ofUser()))],
  ])('ends every sign-in of the user: %s', async (_who, signOut) => {
    const other = await pool.signIn(place, 'uma');
    await signOut();
    for (const { AccessToken, RefreshToken } of [tokens, other]) {
      expect(await refusal(getUser(AccessToken))).toEqual(REVOKED);
      expect((await refusal(refresh(RefreshToken))).message).toBe('Refresh Token has been revoked');
    }
    const later = await pool.signIn(place, 'uma');
    expect((await getUser(later.AccessToken)).Username).toBe('uma');
  });

  test('leaves others signed in', async () => {
    await pool.addUser(place, 'other');
    const { AccessToken } = await pool.signIn(place, 'other');
    await pool.cognito.send(new AdminUserGlobalSignOutCommand(ofUser()));
    expect((await getUser(AccessToken)).Username).toBe('other');
  });

  test('works for a client whose tokens have no origin_jti', async () => {
    place = await pool.place({}, { EnableTokenRevocation: false });
    await pool.addUser(place, 'uma');
    const { AccessToken } = await pool.signIn(place, 'uma');
    await pool.cognito.send(new AdminUserGlobalSignOutCommand(ofUser()));
    expect(await refusal(getUser(AccessToken))).toEqual(REVOKED);
  });

  test('is refused for a user that is not there', async () => {
    const call = pool.cognito.send(
      new AdminUserGlobalSignOutCommand({ UserPoolId: place.poolId, Username: 'nobody' }),
    );
    expect((await refusal(call)).name).toBe('UserNotFoundException');
  });
});

describe('RevokeToken', () => {
  const revoke = (Token = tokens.RefreshToken, ClientId = place.clientId) =>
    pool.cognito.send(new RevokeTokenCommand({ Token, ClientId }));

  test('ends one sign-in with what descends from it, and no other', async () => {
    const other = await pool.signIn(place, 'uma');
    const { AuthenticationResult } = await refresh();
    await revoke();
    expect((await refusal(refresh())).message).toBe('Refresh Token has been revoked');
    expect(await refusal(getUser())).toEqual(REVOKED);
    expect(await refusal(getUser(AuthenticationResult?.AccessToken))).toEqual(REVOKED);
    expect((await getUser(other.AccessToken)).Username).toBe('uma');
    expect((await refresh(other.RefreshToken)).AuthenticationResult).toBeDefined();
  });

  test('passes over a token that is unknown, or of another client', async () => {
    const { clientId } = await pool.place();
    await revoke('unknown');
    await revoke(tokens.RefreshToken, clientId);
    expect((await getUser()).Username).toBe('uma');
  });

  test('refuses an access token', async () => {
    expect((await refusal(revoke(tokens.AccessToken))).name).toBe('UnsupportedTokenTypeException');
  });

  test('is refused where the client did not enable it', async () => {
    const { clientId } = await pool.place({}, { EnableTokenRevocation: false });
    expect((await refusal(revoke(tokens.RefreshToken, clientId))).name).toBe(
      'UnsupportedOperationException',
    );
  });
});
