import {
  CreateResourceServerCommand,
  CreateUserPoolClientCommand,
  type CreateUserPoolClientCommandInput,
  DescribeUserPoolClientCommand,
  UpdateUserPoolClientCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Place, refusal, startTestPool, type TestPool } from './test-pool.js';

let pool: TestPool;
let place: Place;
beforeAll(async () => {
  pool = await startTestPool();
  place = await pool.place();
  await pool.cognito.send(
    new CreateResourceServerCommand({
      UserPoolId: place.poolId,
      Identifier: 'orders',
      Name: 'Orders',
      Scopes: [{ ScopeName: 'read', ScopeDescription: 'Read orders' }],
    }),
  );
});
afterAll(() => pool.close());

type Settings = Partial<CreateUserPoolClientCommandInput>;

async function create(settings: Settings) {
  const { UserPoolClient } = await pool.cognito.send(
    new CreateUserPoolClientCommand({ UserPoolId: place.poolId, ClientName: 'x', ...settings }),
  );
  return UserPoolClient;
}

const CODE: Settings = {
  AllowedOAuthFlowsUserPoolClient: true,
  AllowedOAuthFlows: ['code'],
  AllowedOAuthScopes: ['openid', 'orders/read'],
  CallbackURLs: ['https://app.example.com/callback', 'http://localhost:5173/', 'app://signed-in'],
  LogoutURLs: ['https://app.example.com/'],
  SupportedIdentityProviders: ['COGNITO'],
};
const MACHINE: Settings = {
  GenerateSecret: true,
  AllowedOAuthFlowsUserPoolClient: true,
  AllowedOAuthFlows: ['client_credentials'],
  AllowedOAuthScopes: ['orders/read'],
};

test.each([
  ['of an app', CODE],
  ['of a machine', MACHINE],
])('a client %s is described as it was created', async (_what, settings) => {
  const created = await create(settings);
  const { GenerateSecret, ...kept } = settings;
  expect(created).toMatchObject(kept);
  if (GenerateSecret) expect(created?.ClientSecret).toMatch(/^[a-z0-9]{52}$/);
  else expect(created).not.toHaveProperty('ClientSecret');
  const { UserPoolClient } = await pool.cognito.send(
    new DescribeUserPoolClientCommand({ UserPoolId: place.poolId, ClientId: created?.ClientId }),
  );
  expect(UserPoolClient).toEqual(created);
});

test('an update resets what it is not given, but for the name and the secret', async () => {
  const created = await create({ ...MACHINE, RefreshTokenValidity: 3 });
  const { UserPoolClient } = await pool.cognito.send(
    new UpdateUserPoolClientCommand({ UserPoolId: place.poolId, ClientId: created?.ClientId }),
  );
  expect(UserPoolClient).toMatchObject({
    ClientName: 'x',
    ClientSecret: created?.ClientSecret,
    RefreshTokenValidity: 30,
  });
  expect(UserPoolClient).not.toHaveProperty('AllowedOAuthScopes');
});

test.each<[string, Settings, string, string | RegExp]>([
  [
    'client credentials without a secret',
    { ...MACHINE, GenerateSecret: false },
    'InvalidOAuthFlowException',
    /does not have a client secret/,
  ],
  [
    'client credentials beside the code flow',
    { ...CODE, GenerateSecret: true, AllowedOAuthFlows: ['code', 'client_credentials'] },
    'InvalidOAuthFlowException',
    /can not be selected along with/,
  ],
  [
    'a scope that no resource server has',
    { ...CODE, AllowedOAuthScopes: ['openid', 'orders/write'] },
    'ScopeDoesNotExistException',
    'Invalid scope requested: orders/write',
  ],
  [
    'the code flow without an address to return to',
    { ...CODE, CallbackURLs: [] },
    'InvalidParameterException',
    'CallbackURLs are required for the code and implicit flows.',
  ],
  ...[
    'http://app.example.com/',
    'https://app.example.com/#top',
    'callback',
    'http://localhost.example.com/',
  ].map((uri): [string, Settings, string, RegExp] => [
    `${uri} to return to`,
    { ...CODE, CallbackURLs: [uri] },
    'InvalidParameterException',
    /^\S+ (is not a redirect URI|cannot use the HTTP protocol)\.$/,
  ]),
  [
    'a default address that is not among the others',
    { ...CODE, DefaultRedirectURI: 'https://app.example.com/' },
    'InvalidParameterException',
    'DefaultRedirectURI must be in the CallbackURLs list.',
  ],
  [
    'another identity provider, since there is no federation',
    { ...CODE, SupportedIdentityProviders: ['Google'] },
    'InvalidParameterException',
    /'supportedIdentityProviders/,
  ],
  [
    'rotation beside the flow that it replaces',
    {
      RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 10 },
      ExplicitAuthFlows: ['ALLOW_REFRESH_TOKEN_AUTH'],
    },
    'InvalidParameterException',
    /rotation/,
  ],
  [
    'a grace period over a minute',
    { RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 61 } },
    'InvalidParameterException',
    /less than or equal to 60$/,
  ],
  [
    'attributes that the pool does not have',
    { ReadAttributes: ['custom:plan'] },
    'InvalidParameterException',
    /read attributes/,
  ],
])('refuses %s', async (_what, settings, name, message) => {
  expect(await refusal(create(settings))).toEqual({
    name,
    message: typeof message === 'string' ? message : expect.stringMatching(message),
  });
});
