import { createPrivateKey, sign } from 'node:crypto';
import {
  AdminDeleteUserCommand,
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  type AuthenticationResultType,
  GetUserCommand,
  GlobalSignOutCommand,
  SignUpCommand,
  UpdateUserAttributesCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  attributeRecord,
  attributeTypes,
  claimsOf,
  PASSWORD,
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
const ofUser = () => ({ UserPoolId: place.poolId, Username: 'uma' });

const REVOKED = { name: 'NotAuthorizedException', message: 'Access Token has been revoked' };

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

  test("is not confused by a stranger who takes another's sub for a name", async () => {
    const { sub } = claimsOf(tokens.AccessToken);
    await pool.cognito.send(
      new SignUpCommand({ ClientId: place.clientId, Username: String(sub), Password: PASSWORD }),
    );
    expect((await getUser()).Username).toBe('uma');
    const { AuthenticationResult } = await pool.cognito.send(
      refreshWith(place, tokens.RefreshToken),
    );
    expect(claimsOf(AuthenticationResult?.AccessToken)).toMatchObject({ sub, username: 'uma' });
  });
});

describe('a token', () => {
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
  const signedOut = async () => {
    await pool.cognito.send(new GlobalSignOutCommand({ AccessToken: tokens.AccessToken }));
    return tokens.AccessToken ?? '';
  };

  describe.each<[string, (AccessToken: string) => Promise<unknown>]>([
    ['GetUser', (AccessToken) => pool.cognito.send(new GetUserCommand({ AccessToken }))],
    [
      'UpdateUserAttributes',
      (AccessToken) =>
        pool.cognito.send(new UpdateUserAttributesCommand({ AccessToken, UserAttributes: [] })),
    ],
    [
      'GlobalSignOut',
      (AccessToken) => pool.cognito.send(new GlobalSignOutCommand({ AccessToken })),
    ],
  ])('for %s', (_operation, act) => {
    test('passes when the pool signed it', async () => {
      await expect(act(await forged({}))).resolves.toBeDefined();
    });

    test.each<[string, () => string | Promise<string>, string]>([
      ['that expired', () => forged({ exp: 1 }), 'Access Token has expired'],
      [
        'without the scope',
        () => forged({ scope: 'openid profile' }),
        'Access Token does not have required scopes',
      ],
      ['of a sign-in that ended', signedOut, REVOKED.message],
      ['that is an id token', () => tokens.IdToken ?? '', 'Invalid Access Token'],
      ['that is a refresh token', () => tokens.RefreshToken ?? '', 'Invalid Access Token'],
      ['with a flipped bit', () => flipped(tokens.AccessToken ?? ''), 'Invalid Access Token'],
      ['of another subject', () => another(tokens.AccessToken ?? ''), 'Invalid Access Token'],
      ['with a fourth part', () => `${tokens.AccessToken}.x`, 'Invalid Access Token'],
      ['with padding', () => `${tokens.AccessToken}==`, 'Invalid Access Token'],
      ['that is none', () => 'x', 'Invalid Access Token'],
    ])('is refused when it is one %s', async (_what, token, message) => {
      expect(await refusal(act(await token()))).toEqual({
        name: 'NotAuthorizedException',
        message,
      });
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

  test('takes a custom attribute for no verified flag, whatever it is called', async () => {
    place = await pool.place({
      Schema: [
        { Name: 'plan', AttributeDataType: 'String' },
        { Name: 'plan_verified', AttributeDataType: 'String' },
      ],
    });
    await pool.addUser(place, 'uma');
    tokens = await pool.signIn(place, 'uma');
    await update({ 'custom:plan': 'free', 'custom:plan_verified': 'by phone' });
    await update({ 'custom:plan': '' });
    const attributes = await pool.attributesOf(place, 'uma');
    expect(attributes).toMatchObject({ 'custom:plan_verified': 'by phone' });
    expect(claimsOf((await pool.signIn(place, 'uma')).IdToken)['custom:plan_verified']).toBe(
      'by phone',
    );
  });

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
