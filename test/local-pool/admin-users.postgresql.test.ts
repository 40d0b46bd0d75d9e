import { setTimeout as delay } from 'node:timers/promises';
import {
  AdminCreateUserCommand,
  type AdminCreateUserCommandInput,
  AdminDeleteUserCommand,
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  AdminGetUserCommand,
  AdminSetUserPasswordCommand,
  AdminUpdateUserAttributesCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  attributeRecord,
  attributeTypes,
  claimsOf,
  PASSWORD,
  type Place,
  refusal,
  startTestPool,
  type TestPool,
} from './test-pool.js';

let pool: TestPool;
let place: Place;
beforeAll(async () => {
  pool = await startTestPool();
});
beforeEach(async () => {
  place = await pool.place();
});
afterAll(() => pool.close());

const ofUser = (username = 'uma') => ({ UserPoolId: place.poolId, Username: username });
const get = (username = 'uma') => pool.cognito.send(new AdminGetUserCommand(ofUser(username)));
const create = (
  username: string,
  attributes: Readonly<Record<string, string>> = {},
  options: Partial<AdminCreateUserCommandInput> = {},
) =>
  pool.cognito.send(
    new AdminCreateUserCommand({
      ...ofUser(username),
      MessageAction: 'SUPPRESS',
      UserAttributes: attributeTypes(attributes),
      ...options,
    }),
  );
const update = (username: string, attributes: Readonly<Record<string, string>>) =>
  pool.cognito.send(
    new AdminUpdateUserAttributesCommand({
      ...ofUser(username),
      UserAttributes: attributeTypes(attributes),
    }),
  );

const VERIFIED = { email: 'uma@example.com', email_verified: 'true' };

describe('AdminCreateUser', () => {
  test('makes a user who has to change the password', async () => {
    const { User } = await create('uma', VERIFIED, { TemporaryPassword: PASSWORD });
    expect(User).toMatchObject({
      Username: 'uma',
      Enabled: true,
      UserStatus: 'FORCE_CHANGE_PASSWORD',
    });
    expect(User?.UserCreateDate).toEqual(User?.UserLastModifiedDate);
    expect(attributeRecord(User?.Attributes)).toEqual({
      ...VERIFIED,
      sub: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect((await refusal(pool.signIn(place, 'uma'))).message).toBe(
      'Challenged: NEW_PASSWORD_REQUIRED',
    );
  });

  test('sends the temporary password to the log, unless told not to', async () => {
    await create('loud', { email: 'loud@example.com' }, { MessageAction: undefined });
    const line = pool.logged.find((logged) => logged.endsWith('for loud@example.com')) ?? '';
    const [, password = ''] = /^temporary password (\S+) for/.exec(line) ?? [];
    expect((await refusal(pool.signIn(place, 'loud', password))).message).toContain('Challenged');

    await create('quiet', { email: 'quiet@example.com' });
    expect(pool.logged.join('\n')).not.toContain('quiet@example.com');
    expect((await refusal(pool.signIn(place, 'quiet', ''))).name).toBe('InvalidParameterException');
    expect((await refusal(pool.signIn(place, 'quiet', 'undefined'))).name).toBe(
      'NotAuthorizedException',
    );
  });

  test.each<[string, string, Readonly<Record<string, string>>, string]>([
    ['a name that is taken', 'UMA', {}, 'UsernameExistsException'],
    ['a verified address that is taken', 'eve', VERIFIED, 'AliasExistsException'],
    ['an address as a name', 'eve@example.com', {}, 'InvalidParameterException'],
    ['an attribute that there is not', 'eve', { shoe: '42' }, 'InvalidParameterException'],
    ['a sub', 'eve', { sub: 'x' }, 'InvalidParameterException'],
  ])('refuses %s, and makes nothing', async (_what, username, attributes, name) => {
    await create('uma', VERIFIED);
    expect((await refusal(create(username, attributes))).name).toBe(name);
    expect((await refusal(get('eve'))).name).toBe('UserNotFoundException');
  });

  test('lets several have an address that none has verified', async () => {
    await create('one', { email: 'shared@example.com' });
    await create('two', { email: 'shared@example.com' });
    expect(await pool.attributesOf(place, 'two')).toMatchObject({ email_verified: 'false' });
  });

  test('takes an alias over when told to', async () => {
    await create('uma', VERIFIED);
    await create('eve', VERIFIED, { ForceAliasCreation: true });
    expect((await get('uma@example.com')).Username).toBe('eve');
    expect(await pool.attributesOf(place, 'uma')).toMatchObject({ email_verified: 'false' });
  });

  test('refuses a temporary password against the policy', async () => {
    const call = create('uma', {}, { TemporaryPassword: 'weak' });
    expect((await refusal(call)).name).toBe('InvalidPasswordException');
  });
});

describe('AdminGetUser', () => {
  test('answers by user name, verified alias and sub', async () => {
    const sub = await pool.addUser(place, 'uma', VERIFIED);
    for (const name of ['uma', 'UMA', 'uma@example.com', sub]) {
      const user = await get(name);
      expect(user).toMatchObject({ Username: 'uma', Enabled: true, UserStatus: 'CONFIRMED' });
      expect(attributeRecord(user.UserAttributes)).toEqual({ ...VERIFIED, sub });
      expect(user.UserCreateDate).toBeInstanceOf(Date);
      expect(user.UserLastModifiedDate).toBeInstanceOf(Date);
    }
  });

  test('knows users of their own pool only', async () => {
    const other = await pool.place();
    const sub = await pool.addUser(other, 'uma', VERIFIED);
    for (const name of ['uma', 'uma@example.com', sub])
      expect(await refusal(get(name))).toEqual({
        name: 'UserNotFoundException',
        message: 'User does not exist.',
      });
  });

  test('does not know a pool that is not there', async () => {
    const call = pool.cognito.send(
      new AdminGetUserCommand({ UserPoolId: 'us-east-1_none00000', Username: 'uma' }),
    );
    expect((await refusal(call)).name).toBe('ResourceNotFoundException');
  });
});

describe('AdminSetUserPassword', () => {
  const set = (Password: string, Permanent: boolean) =>
    pool.cognito.send(new AdminSetUserPasswordCommand({ ...ofUser(), Password, Permanent }));

  test('a permanent one confirms the user and replaces the old one', async () => {
    await create('uma', {}, { TemporaryPassword: PASSWORD });
    await set('Another1!', true);
    expect((await get()).UserStatus).toBe('CONFIRMED');
    expect((await pool.signIn(place, 'uma', 'Another1!')).AccessToken).toBeDefined();
    expect((await refusal(pool.signIn(place, 'uma'))).name).toBe('NotAuthorizedException');
  });

  test('another one has to be changed', async () => {
    await pool.addUser(place, 'uma');
    await set('Another1!', false);
    expect((await get()).UserStatus).toBe('FORCE_CHANGE_PASSWORD');
  });

  test('keeps to the policy', async () => {
    await pool.addUser(place, 'uma');
    expect((await refusal(set('weak', true))).name).toBe('InvalidPasswordException');
    expect((await pool.signIn(place, 'uma')).AccessToken).toBeDefined();
  });
});

describe('AdminUpdateUserAttributes', () => {
  test('verifies an address, which then signs in', async () => {
    await pool.addUser(place, 'uma', { email: 'uma@example.com' });
    await update('uma', { email_verified: 'true' });
    const { AccessToken } = await pool.signIn(place, 'uma@example.com');
    expect(claimsOf(AccessToken).username).toBe('uma');
  });

  test('a new address is unverified, unless the same call says otherwise', async () => {
    await pool.addUser(place, 'uma', VERIFIED);
    await update('uma', { email: 'a@example.com' });
    expect(await pool.attributesOf(place, 'uma')).toMatchObject({ email_verified: 'false' });
    await update('uma', { email: 'b@example.com', email_verified: 'true' });
    expect((await get('b@example.com')).Username).toBe('uma');
    expect((await refusal(get('uma@example.com'))).name).toBe('UserNotFoundException');
  });

  test.each([
    ['email', 'Email is required to verify/un-verify an email'],
    ['phone_number', 'Phone Number is required to verify/un-verify a phone number'],
  ])('refuses to verify an %s that is not there', async (kind, message) => {
    await pool.addUser(place, 'uma');
    expect(await refusal(update('uma', { [`${kind}_verified`]: 'true' }))).toEqual({
      name: 'InvalidParameterException',
      message,
    });
  });

  test('an empty value removes an attribute, with its verification', async () => {
    await pool.addUser(place, 'uma', { ...VERIFIED, name: 'Uma' });
    await update('uma', { name: '', email: '' });
    expect(Object.keys(await pool.attributesOf(place, 'uma'))).toEqual(['sub']);
  });

  test('refuses an address that another has verified, and changes nothing', async () => {
    await pool.addUser(place, 'uma', VERIFIED);
    await pool.addUser(place, 'eve', { name: 'Eve' });
    expect((await refusal(update('eve', { ...VERIFIED, name: 'Mallory' }))).name).toBe(
      'AliasExistsException',
    );
    expect(await pool.attributesOf(place, 'eve')).toMatchObject({ name: 'Eve' });
  });

  test('refuses sub, immutable attributes and those that there are not', async () => {
    place = await pool.place({
      Schema: [{ Name: 'plan', AttributeDataType: 'String', Mutable: false }],
    });
    await pool.addUser(place, 'uma', { 'custom:plan': 'free' });
    expect((await refusal(update('uma', { sub: 'x' }))).message).toBe(
      'Cannot modify the non-mutable attribute sub',
    );
    expect((await refusal(update('uma', { 'custom:plan': 'gold' }))).message).toBe(
      'user.custom:plan: Attribute cannot be updated.',
    );
    expect((await refusal(update('uma', { 'custom:shoe': '42' }))).message).toContain(
      'custom:shoe: Attribute does not exist in the schema.',
    );
  });
});

describe('the last-modified date', () => {
  test.each<[string, () => Promise<unknown>]>([
    ['new attributes', () => update('uma', { name: 'Uma' })],
    ['disabling', () => pool.cognito.send(new AdminDisableUserCommand(ofUser()))],
    ['enabling', () => pool.cognito.send(new AdminEnableUserCommand(ofUser()))],
    [
      'a password',
      () =>
        pool.cognito.send(
          new AdminSetUserPasswordCommand({ ...ofUser(), Password: PASSWORD, Permanent: true }),
        ),
    ],
  ])('moves with %s', async (_what, action) => {
    await pool.addUser(place, 'uma');
    const before = await get();
    await delay(5);
    await action();
    const after = await get();
    expect(Number(after.UserLastModifiedDate)).toBeGreaterThan(Number(before.UserLastModifiedDate));
    expect(after.UserCreateDate).toEqual(before.UserCreateDate);
  });
});

test('AdminDisableUser and AdminEnableUser switch the user off and on', async () => {
  await pool.addUser(place, 'uma');
  await pool.cognito.send(new AdminDisableUserCommand(ofUser()));
  expect((await get()).Enabled).toBe(false);
  await pool.cognito.send(new AdminEnableUserCommand(ofUser()));
  expect((await get()).Enabled).toBe(true);
});

test('AdminDeleteUser leaves nothing, so that name and address are free again', async () => {
  const sub = await pool.addUser(place, 'uma', VERIFIED);
  await pool.signIn(place, 'uma');
  await pool.cognito.send(new AdminDeleteUserCommand(ofUser()));
  expect((await refusal(get())).name).toBe('UserNotFoundException');
  expect((await refusal(pool.signIn(place, 'uma'))).name).toBe('NotAuthorizedException');
  expect(await pool.addUser(place, 'uma', VERIFIED)).not.toBe(sub);
});

test.each([
  ['AdminDeleteUser', () => pool.cognito.send(new AdminDeleteUserCommand(ofUser('nobody')))],
  ['AdminDisableUser', () => pool.cognito.send(new AdminDisableUserCommand(ofUser('nobody')))],
  ['AdminEnableUser', () => pool.cognito.send(new AdminEnableUserCommand(ofUser('nobody')))],
  ['AdminUpdateUserAttributes', () => update('nobody', { name: 'x' })],
])('%s knows no user that is not there', async (_name, call) => {
  expect(await refusal(call())).toEqual({
    name: 'UserNotFoundException',
    message: 'User does not exist.',
  });
});
