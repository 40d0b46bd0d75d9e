import { createPrivateKey, sign } from 'node:crypto';
import {
  AdminDeleteUserCommand,
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  AdminUserGlobalSignOutCommand,
  type AuthenticationResultType,
  GetUserCommand,
  GlobalSignOutCommand,
  RevokeTokenCommand,
  UpdateUserAttributesCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  attributeRecord,
  attributeTypes,
  claimsOf,
  type Place,
  refreshWith,
  refusal,
  startTestPool,
  type TestPool,
} from './test-pool.js';

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

describe('GetUser', () => {
  test('answers with the attributes of the token’s holder', async () => {
    const { Username, UserAttributes } = await getUser();
    expect(Username).toBe('uma');
    expect(attributeRecord(UserAttributes)).toEqual({
      sub: claimsOf(tokens.AccessToken).sub,
      email: 'uma@example.com',
      email_verified: 'true',
    });
  });

  test('refuses the token of a disabled user, also once enabled again', async () => {
    await pool.cognito.send(new AdminDisableUserCommand(ofUser()));
    expect((await refusal(getUser())).message).toBe('User is disabled.');
    await pool.cognito.send(new AdminEnableUserCommand(ofUser()));
    expect(await refusal(getUser())).toEqual(REVOKED);
  });

  test('refuses the token of a deleted user', async () => {
    await pool.cognito.send(new AdminDeleteUserCommand(ofUser()));
    expect((await refusal(getUser())).name).toBe('UserNotFoundException');
  });

  /** Signs what it is given with the key of the installation, as only the pool itself could. */
  async function forged(claims: Readonly<Record<string, unknown>>): Promise<string> {
    const [row] = await pool.sql.query<{ keys: string }>(
      'select keys::text as keys from local_pool.installation',
    );
    const [{ kid, pem }] = JSON.parse(row?.keys ?? '[]');
    const input = [
      { kid, alg: 'RS256' },
      { ...claimsOf(tokens.AccessToken), ...claims },
    ]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    const signature = sign('sha256', Buffer.from(input), createPrivateKey(pem));
    return `${input}.${signature.toString('base64url')}`;
  }

  test('takes what the pool signed', async () => {
    expect((await getUser(await forged({}))).Username).toBe('uma');
  });

  const flipped = (token: string) => {
    const [header = '', payload = '', signature = ''] = token.split('.');
    const bytes = Buffer.from(signature, 'base64url');
    bytes.writeUInt8(bytes.readUInt8(9) ^ 1, 9);
    return [header, payload, bytes.toString('base64url')].join('.');
  };
  const another = (token: string) => {
    const [header = '', , signature = ''] = token.split('.');
    const payload = { ...claimsOf(token), sub: 'c1f2e3d4-a5b6-4c7d-8e9f-0a1b2c3d4e5f' };
    return [header, Buffer.from(JSON.stringify(payload)).toString('base64url'), signature].join(
      '.',
    );
  };

  test.each<[string, () => string | Promise<string>, string]>([
    ['an expired one', () => forged({ exp: 1 }), 'Access Token has expired'],
    [
      'one without the scope',
      () => forged({ scope: 'openid profile' }),
      'Access Token does not have required scopes',
    ],
    ['an id token', () => tokens.IdToken ?? '', 'Invalid Access Token'],
    ['one with a flipped bit', () => flipped(tokens.AccessToken ?? ''), 'Invalid Access Token'],
    ['one of another subject', () => another(tokens.AccessToken ?? ''), 'Invalid Access Token'],
    ['one with a fourth part', () => `${tokens.AccessToken}.x`, 'Invalid Access Token'],
    ['no token at all', () => 'x', 'Invalid Access Token'],
  ])('refuses %s', async (_what, token, message) => {
    expect(await refusal(getUser(await token()))).toEqual({
      name: 'NotAuthorizedException',
      message,
    });
  });
});

describe('UpdateUserAttributes', () => {
  const update = (attributes: Readonly<Record<string, string>>) =>
    pool.cognito.send(
      new UpdateUserAttributesCommand({
        AccessToken: tokens.AccessToken,
        UserAttributes: attributeTypes(attributes),
      }),
    );

  test('writes, overwrites and clears', async () => {
    await update({ name: 'Uma', locale: 'en' });
    await update({ name: 'Uma S.', locale: '' });
    const attributes = await pool.attributesOf(place, 'uma');
    expect(attributes).toMatchObject({ name: 'Uma S.', email_verified: 'true' });
    expect(attributes).not.toHaveProperty('locale');
  });

  test('leaves a new address unverified, so that it signs nobody in', async () => {
    await update({ email: 'new@example.com' });
    expect(await pool.attributesOf(place, 'uma')).toMatchObject({
      email: 'new@example.com',
      email_verified: 'false',
    });
    expect((await refusal(pool.signIn(place, 'new@example.com'))).name).toBe(
      'NotAuthorizedException',
    );
    expect((await refusal(pool.signIn(place, 'uma@example.com'))).name).toBe(
      'NotAuthorizedException',
    );
  });

  test.each(['email_verified', 'phone_number_verified', 'sub'])(
    'lets nobody write their own %s',
    async (name) => {
      expect(await refusal(update({ name: 'Eve', [name]: 'true' }))).toEqual({
        name: 'NotAuthorizedException',
        message: 'A client attempted to write unauthorized attribute',
      });
      expect(await pool.attributesOf(place, 'uma')).not.toHaveProperty('name');
    },
  );

  test('loses nothing of what others write at the same time', async () => {
    const names = ['name', 'given_name', 'family_name', 'nickname', 'locale', 'zoneinfo'];
    await Promise.all(names.map((name) => update({ [name]: `of ${name}` })));
    expect(await pool.attributesOf(place, 'uma')).toMatchObject(
      Object.fromEntries(names.map((name) => [name, `of ${name}`])),
    );
  });

  test('is refused once signed out', async () => {
    await pool.cognito.send(new GlobalSignOutCommand({ AccessToken: tokens.AccessToken }));
    expect(await refusal(update({ name: 'Uma' }))).toEqual(REVOKED);
  });
});
