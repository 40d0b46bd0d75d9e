import {
  CreateUserPoolClientCommand,
  type CreateUserPoolClientCommandInput,
  CreateUserPoolCommand,
  type CreateUserPoolCommandInput,
  DescribeUserPoolClientCommand,
  DescribeUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { refusal, startTestPool, type TestPool } from './test-pool.js';

let pool: TestPool;
beforeAll(async () => {
  pool = await startTestPool();
});
afterAll(() => pool.close());

const createPool = (input: Partial<CreateUserPoolCommandInput>) =>
  pool.cognito.send(new CreateUserPoolCommand({ PoolName: 'people', ...input }));

describe('CreateUserPool', () => {
  test('completes what is not given by the defaults of the API', async () => {
    const { UserPool } = await createPool({});
    expect(UserPool).toMatchObject({
      Id: expect.stringMatching(/^us-east-1_[A-Za-z0-9]{9}$/),
      Name: 'people',
      Arn: `arn:aws:cognito-idp:us-east-1:000000000000:userpool/${UserPool?.Id}`,
      DeletionProtection: 'INACTIVE',
      MfaConfiguration: 'OFF',
      EstimatedNumberOfUsers: 0,
      UsernameConfiguration: { CaseSensitive: true },
      AdminCreateUserConfig: { AllowAdminCreateUserOnly: false, UnusedAccountValidityDays: 7 },
      Policies: {
        PasswordPolicy: {
          MinimumLength: 8,
          RequireUppercase: true,
          RequireLowercase: true,
          RequireNumbers: true,
          RequireSymbols: true,
          TemporaryPasswordValidityDays: 7,
        },
      },
    });
    expect(UserPool?.CreationDate).toBeInstanceOf(Date);
    expect(UserPool?.AliasAttributes).toBeUndefined();
  });

  test('has the standard attributes and the custom ones in its schema', async () => {
    const { UserPool } = await createPool({
      Schema: [
        { Name: 'email', Required: true, Mutable: true, AttributeDataType: 'String' },
        { Name: 'plan', AttributeDataType: 'String', Mutable: false },
      ],
    });
    const schema = new Map(UserPool?.SchemaAttributes?.map((one) => [one.Name, one]));
    expect(schema.get('sub')).toMatchObject({ Required: true, Mutable: false });
    expect(schema.get('email')).toMatchObject({ Required: true, Mutable: true });
    expect(schema.get('custom:plan')).toMatchObject({ Mutable: false, Required: false });
    expect(schema.get('birthdate')?.StringAttributeConstraints).toEqual({
      MinLength: '10',
      MaxLength: '10',
    });
  });

  test.each<[string, Partial<CreateUserPoolCommandInput>, RegExp]>([
    [
      'aliases beside user name attributes',
      { AliasAttributes: ['email'], UsernameAttributes: ['email'] },
      /^Only one of the aliasAttributes or usernameAttributes/,
    ],
    [
      'a required custom attribute',
      { Schema: [{ Name: 'plan', AttributeDataType: 'String', Required: true }] },
      /^Required custom attributes are not supported/,
    ],
    [
      'a password length below 6',
      { Policies: { PasswordPolicy: { MinimumLength: 5 } } },
      /'policies.passwordPolicy.minimumLength'.*greater than or equal to 6$/,
    ],
    ['MFA, which is not there', { MfaConfiguration: 'ON' }, /enum value set: \[OFF\]$/],
    ['an empty name', { PoolName: '' }, /'poolName'.*length greater than or equal to 1$/],
  ])('refuses %s', async (_what, input, message) => {
    expect(await refusal(createPool(input))).toEqual({
      name: 'InvalidParameterException',
      message: expect.stringMatching(message),
    });
  });
});

describe('DescribeUserPool', () => {
  test('says what was created and how many users there are', async () => {
    const place = await pool.place();
    await pool.addUser(place, 'ada');
    const { UserPool } = await pool.cognito.send(
      new DescribeUserPoolCommand({ UserPoolId: place.poolId }),
    );
    expect(UserPool).toMatchObject({
      Id: place.poolId,
      AliasAttributes: ['email'],
      AutoVerifiedAttributes: ['email'],
      UsernameConfiguration: { CaseSensitive: false },
      EstimatedNumberOfUsers: 1,
    });
  });

  test('does not know another pool', async () => {
    const call = pool.cognito.send(new DescribeUserPoolCommand({ UserPoolId: 'us-east-1_x' }));
    expect(await refusal(call)).toEqual({
      name: 'ResourceNotFoundException',
      message: 'User pool us-east-1_x does not exist.',
    });
  });
});

describe('clients', () => {
  const create = async (input: Partial<CreateUserPoolClientCommandInput>) => {
    const { poolId } = await pool.place();
    return pool.cognito.send(
      new CreateUserPoolClientCommand({ UserPoolId: poolId, ClientName: 'spa', ...input }),
    );
  };

  test('have the defaults of the API, and no secret', async () => {
    const { UserPoolClient } = await create({});
    expect(UserPoolClient).toMatchObject({
      ClientId: expect.stringMatching(/^[a-z0-9]{26}$/),
      ClientName: 'spa',
      RefreshTokenValidity: 30,
      EnableTokenRevocation: true,
      PreventUserExistenceErrors: 'LEGACY',
      AuthSessionValidity: 3,
    });
    expect(UserPoolClient?.ClientSecret).toBeUndefined();
    expect(UserPoolClient?.CreationDate).toBeInstanceOf(Date);
  });

  test('are described to their own pool alone', async () => {
    const [own, other] = [await pool.place(), await pool.place()];
    const describeIn = (UserPoolId: string) =>
      pool.cognito.send(new DescribeUserPoolClientCommand({ UserPoolId, ClientId: own.clientId }));
    expect((await describeIn(own.poolId)).UserPoolClient).toMatchObject({
      UserPoolId: own.poolId,
      ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
      PreventUserExistenceErrors: 'ENABLED',
    });
    expect(await refusal(describeIn(other.poolId))).toEqual({
      name: 'ResourceNotFoundException',
      message: `User pool client ${own.clientId} does not exist.`,
    });
  });

  test.each<[string, Partial<CreateUserPoolClientCommandInput>, RegExp]>([
    [
      'flows of both styles',
      { ExplicitAuthFlows: ['USER_PASSWORD_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'] },
      /^ExplicitAuthFlows of both styles/,
    ],
    [
      'access tokens of 4 minutes',
      { AccessTokenValidity: 4, TokenValidityUnits: { AccessToken: 'minutes' } },
      /^Invalid range for token validity/,
    ],
    ['access tokens of 25 hours', { AccessTokenValidity: 25 }, /^Invalid range/],
    [
      'refresh tokens of 59 minutes',
      { RefreshTokenValidity: 59, TokenValidityUnits: { RefreshToken: 'minutes' } },
      /^Invalid range/,
    ],
    ['a name that is too long', { ClientName: 'x'.repeat(129) }, /'clientName'.*or equal to 128$/],
  ])('refuse %s', async (_what, input, message) => {
    expect(await refusal(create(input))).toEqual({
      name: 'InvalidParameterException',
      message: expect.stringMatching(message),
    });
  });
});
