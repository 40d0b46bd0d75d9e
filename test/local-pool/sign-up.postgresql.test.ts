import {
  AdminCreateUserCommand,
  AdminGetUserCommand,
  AdminUpdateUserAttributesCommand,
  ConfirmSignUpCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { startLocalPool } from '../../src/local-pool/index.js';
import {
  attributeTypes,
  claimsOf,
  clientOf,
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

const signUp = (
  username: string,
  attributes: Readonly<Record<string, string>> = {},
  { clientId } = place,
  password = PASSWORD,
) =>
  pool.cognito.send(
    new SignUpCommand({
      ClientId: clientId,
      Username: username,
      Password: password,
      UserAttributes: attributeTypes(attributes),
    }),
  );

const confirm = (username: string, code: string, options: { force?: boolean } = {}) =>
  pool.cognito.send(
    new ConfirmSignUpCommand({
      ClientId: place.clientId,
      Username: username,
      ConfirmationCode: code,
      ForceAliasCreation: options.force ?? false,
    }),
  );

/** The last code that was sent to an address. */
function codeFor(address: string): string {
  const codes = pool.logged.flatMap((line) => /^code (\d{6}) for (.+)$/.exec(line)?.slice(1) ?? []);
  return codes[codes.lastIndexOf(address) - 1] ?? '';
}

const statusOf = async (username: string) =>
  (
    await pool.cognito.send(
      new AdminGetUserCommand({ UserPoolId: place.poolId, Username: username }),
    )
  ).UserStatus;

const ANY_CODE = '000000';

describe('SignUp', () => {
  test('makes an unconfirmed user and sends a code to the log', async () => {
    const answer = await signUp('nia', { email: 'nia@example.com', name: 'Nia' });
    expect(answer).toMatchObject({
      UserConfirmed: false,
      UserSub: expect.stringMatching(/^[0-9a-f-]{36}$/),
      CodeDeliveryDetails: {
        AttributeName: 'email',
        DeliveryMedium: 'EMAIL',
        Destination: 'n***@e***',
      },
    });
    expect(codeFor('nia@example.com')).toMatch(/^\d{6}$/);
    expect(await statusOf('nia')).toBe('UNCONFIRMED');
    expect(await pool.attributesOf(place, 'nia')).toEqual({
      sub: answer.UserSub,
      email: 'nia@example.com',
      email_verified: 'false',
      name: 'Nia',
    });
  });

  test('hands the code to whoever delivers it, and then logs none', async () => {
    const delivered: string[] = [];
    const written: string[] = [];
    const write = (_fields: object, message: string) => {
      written.push(message);
    };
    const other = await startLocalPool({
      sql: pool.sql,
      port: 0,
      log: { info: write, warn: write, error: write },
      deliver: (message) => {
        delivered.push(message);
      },
    });
    const cognito = clientOf(other.endpoint);
    await cognito.send(
      new SignUpCommand({
        ClientId: place.clientId,
        Username: 'nia',
        Password: PASSWORD,
        UserAttributes: attributeTypes({ email: 'nia@example.com' }),
      }),
    );
    cognito.destroy();
    await other.close();
    expect(delivered).toEqual([expect.stringMatching(/^code \d{6} for nia@example\.com$/)]);
    expect(written).toEqual([]);
  });

  test.each(['nia', 'NIA'])('refuses a name that is taken: %s', async (name) => {
    await signUp('nia');
    expect(await refusal(signUp(name))).toEqual({
      name: 'UsernameExistsException',
      message: 'User already exists',
    });
  });

  test('of ten that want a name at once, one gets it', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => signUp('race')));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes)
      if (outcome.status === 'rejected')
        expect(outcome.reason.name).toBe('UsernameExistsException');
  });

  test.each([
    ['Aa1!', 'Password not long enough'],
    ['aaaaaa1!', 'Password must have uppercase characters'],
    ['AAAAAA1!', 'Password must have lowercase characters'],
    ['Aaaaaaa!', 'Password must have numeric characters'],
    ['Aaaaaaa1', 'Password must have symbol characters'],
  ])('refuses the password %s', async (password, fault) => {
    expect(await refusal(signUp('pia', {}, place, password))).toEqual({
      name: 'InvalidPasswordException',
      message: `Password did not conform with policy: ${fault}`,
    });
  });

  test('asks of a password what the pool asks', async () => {
    const long = await pool.place({ Policies: { PasswordPolicy: { MinimumLength: 12 } } });
    expect((await refusal(signUp('pia', {}, long, 'elevenlette'))).message).toContain(
      'long enough',
    );
    expect((await signUp('pia', {}, long, 'twelveletter')).UserSub).toBeDefined();
  });

  test.each<[string, Readonly<Record<string, string>>, string, string]>([
    [
      'an attribute that there is not',
      { shoe: '42' },
      'InvalidParameterException',
      'Attributes did not conform to the schema: shoe: Attribute does not exist in the schema.\n',
    ],
    ['no address', { email: 'no' }, 'InvalidParameterException', 'Invalid email address format.'],
    [
      'no phone number',
      { phone_number: '0123' },
      'InvalidParameterException',
      'Invalid phone number format.',
    ],
    [
      'a birthdate of another length',
      { birthdate: '1.1.2000' },
      'InvalidParameterException',
      'Attributes did not conform to the schema: birthdate: String must be no shorter than 10\n',
    ],
    [
      'a verified address',
      { email: 'nia@example.com', email_verified: 'true' },
      'NotAuthorizedException',
      'A client attempted to write unauthorized attribute',
    ],
  ])('refuses %s', async (_what, attributes, name, message) => {
    expect(await refusal(signUp('nia', attributes))).toEqual({ name, message });
    expect((await refusal(statusOf('nia'))).name).toBe('UserNotFoundException');
  });

  test('asks for required attributes, and takes custom ones', async () => {
    const strict = await pool.place({
      Schema: [
        { Name: 'given_name', AttributeDataType: 'String', Required: true, Mutable: true },
        { Name: 'seats', AttributeDataType: 'Number', Mutable: true },
      ],
    });
    expect(await refusal(signUp('nia', {}, strict))).toEqual({
      name: 'InvalidParameterException',
      message: 'Attributes did not conform to the schema: given_name: The attribute is required\n',
    });
    const seats = (value: string) =>
      signUp('nia', { given_name: 'Nia', 'custom:seats': value }, strict);
    expect((await refusal(seats('many'))).message).toContain('custom:seats: Invalid number');
    await seats('3');
    expect(await pool.attributesOf(strict, 'nia')).toMatchObject({ 'custom:seats': '3' });
  });

  test.each(['with space', ''])('refuses the name %j', async (name) => {
    expect((await refusal(signUp(name))).name).toBe('InvalidParameterException');
  });

  test('refuses an address as a name where addresses are aliases', async () => {
    expect((await refusal(signUp('nia@example.com'))).message).toBe(
      'Username cannot be of email format, since user pool is configured for email alias.',
    );
  });

  test('is refused where only administrators create users', async () => {
    const closed = await pool.place({ AdminCreateUserConfig: { AllowAdminCreateUserOnly: true } });
    expect(await refusal(signUp('nia', {}, closed))).toEqual({
      name: 'NotAuthorizedException',
      message: 'SignUp is not permitted for this user pool',
    });
  });
});

describe('ConfirmSignUp', () => {
  test('confirms by the code, verifies the address and opens it for signing in', async () => {
    await signUp('nia', { email: 'nia@example.com' });
    await confirm('nia', codeFor('nia@example.com'));
    expect(await statusOf('nia')).toBe('CONFIRMED');
    expect(await pool.attributesOf(place, 'nia')).toMatchObject({ email_verified: 'true' });
    const { AccessToken } = await pool.signIn(place, 'nia@example.com');
    expect(claimsOf(AccessToken).username).toBe('nia');
  });

  test('refuses another code, and stays with the right one', async () => {
    await signUp('nia', { email: 'nia@example.com' });
    const code = codeFor('nia@example.com');
    const wrong = code === ANY_CODE ? '000001' : ANY_CODE;
    expect(await refusal(confirm('nia', wrong))).toEqual({
      name: 'CodeMismatchException',
      message: 'Invalid verification code provided, please try again.',
    });
    await confirm('nia', code);
    expect(await refusal(confirm('nia', code))).toEqual({
      name: 'NotAuthorizedException',
      message: 'User cannot be confirmed. Current status is CONFIRMED',
    });
  });

  test('refuses a code that is too old', async () => {
    await signUp('nia', { email: 'nia@example.com' });
    await pool.sql.query(
      `update local_pool.account set codes = jsonb_set(codes, '{sign-up,expiresAt}', '1') where pool_id = $1`,
      [place.poolId],
    );
    expect((await refusal(confirm('nia', codeFor('nia@example.com')))).name).toBe(
      'ExpiredCodeException',
    );
  });

  test('tells of an unknown name only where the client wants it', async () => {
    expect((await refusal(confirm('nobody', ANY_CODE))).name).toBe('ExpiredCodeException');
    place = await pool.place({}, { PreventUserExistenceErrors: 'LEGACY' });
    expect((await refusal(confirm('nobody', ANY_CODE))).name).toBe('UserNotFoundException');
  });

  const twins = async () => {
    await pool.addUser(place, 'first', { email: 'twin@example.com', email_verified: 'true' });
    await signUp('second', { email: 'twin@example.com' });
    return codeFor('twin@example.com');
  };

  test('refuses an address that another has verified, and changes nothing', async () => {
    const code = await twins();
    expect(await refusal(confirm('second', code))).toEqual({
      name: 'AliasExistsException',
      message: 'An account with the email already exists.',
    });
    expect(await statusOf('second')).toBe('UNCONFIRMED');
    expect(claimsOf((await pool.signIn(place, 'twin@example.com')).AccessToken).username).toBe(
      'first',
    );
  });

  test('takes it over when told to, and the other has it unverified', async () => {
    const code = await twins();
    await confirm('second', code, { force: true });
    expect(claimsOf((await pool.signIn(place, 'twin@example.com')).AccessToken).username).toBe(
      'second',
    );
    expect(await pool.attributesOf(place, 'first')).toMatchObject({ email_verified: 'false' });
    expect(claimsOf((await pool.signIn(place, 'first')).AccessToken).username).toBe('first');
  });

  test('of many that confirm one address at once, one has it', async () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const codes: string[] = [];
    for (const name of names) {
      await signUp(name, { email: 'all@example.com' });
      codes.push(codeFor('all@example.com'));
    }
    const outcomes = await Promise.allSettled(
      names.map((name, index) => confirm(name, codes[index] ?? '')),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') expect(outcome.reason.name).toBe('AliasExistsException');
    const statuses = await Promise.all(names.map(statusOf));
    expect(statuses.filter((status) => status === 'CONFIRMED')).toHaveLength(1);
  });
});

describe('a pool that signs in by e-mail', () => {
  beforeEach(async () => {
    place = await pool.place({ AliasAttributes: undefined, UsernameAttributes: ['email'] });
  });

  test('names users by their sub', async () => {
    const { UserSub } = await signUp('nia@example.com', { name: 'Nia' });
    await confirm('nia@example.com', codeFor('nia@example.com'));
    const { AccessToken } = await pool.signIn(place, 'Nia@example.com');
    expect(claimsOf(AccessToken)).toMatchObject({ sub: UserSub, username: UserSub });
    expect(await pool.attributesOf(place, UserSub ?? '')).toMatchObject({
      email: 'nia@example.com',
      email_verified: 'true',
      name: 'Nia',
    });
  });

  test('refuses a name that is no address, and an address that is taken, verified or not', async () => {
    expect((await refusal(signUp('nia'))).message).toBe('Username should be an email.');
    await signUp('nia@example.com');
    const taken = {
      name: 'UsernameExistsException',
      message: 'An account with the given email already exists.',
    };
    expect(await refusal(signUp('NIA@example.com'))).toEqual(taken);
    const { poolId: UserPoolId } = place;
    const create = new AdminCreateUserCommand({ UserPoolId, Username: 'nia@example.com' });
    expect(await refusal(pool.cognito.send(create))).toEqual(taken);
  });

  test('refuses to change one into an address that is taken', async () => {
    await signUp('nia@example.com');
    await signUp('pia@example.com');
    const change = new AdminUpdateUserAttributesCommand({
      UserPoolId: place.poolId,
      Username: 'pia@example.com',
      UserAttributes: attributeTypes({ email: 'nia@example.com' }),
    });
    expect(await refusal(pool.cognito.send(change))).toEqual({
      name: 'AliasExistsException',
      message: 'An account with the given email already exists.',
    });
  });
});

describe('a pool with phone numbers and preferred names as aliases', () => {
  beforeEach(async () => {
    place = await pool.place({
      AliasAttributes: ['phone_number', 'preferred_username'],
      AutoVerifiedAttributes: ['phone_number'],
    });
  });

  test('sends codes to the phone, and signs in by it', async () => {
    const { CodeDeliveryDetails } = await signUp('nia', { phone_number: '+491701234567' });
    expect(CodeDeliveryDetails).toEqual({
      AttributeName: 'phone_number',
      DeliveryMedium: 'SMS',
      Destination: '+*******4567',
    });
    await confirm('nia', codeFor('+491701234567'));
    expect(claimsOf((await pool.signIn(place, '+491701234567')).AccessToken).username).toBe('nia');
  });

  test('takes a preferred name from confirmed users only', async () => {
    expect((await refusal(signUp('nia', { preferred_username: 'captain' }))).name).toBe(
      'InvalidParameterException',
    );
    await pool.addUser(place, 'nia', { preferred_username: 'captain' });
    expect(claimsOf((await pool.signIn(place, 'Captain')).AccessToken).username).toBe('nia');
  });
});
