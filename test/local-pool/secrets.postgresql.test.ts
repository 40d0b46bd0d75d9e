import { createPrivateKey } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { operations } from '../../src/local-pool/operations/index.js';
import { PASSWORD, sendByHand, startTestPool, type TestPool } from './test-pool.js';

const TEMPORARY = 'Temporary2?';
const REPLACED = 'Replaced3#';

let pool: TestPool;
/** Every answer, with its operation. */
const answers: [operation: string, body: string][] = [];
let refreshToken = '';
beforeAll(async () => {
  pool = await startTestPool();
  await callEveryOperation();
});
afterAll(() => pool.close());

// Tests say themselves what they expect of an answer.
// biome-ignore lint/suspicious/noExplicitAny: see above
async function call(operation: string, input: object): Promise<any> {
  const response = await sendByHand(pool, operation, input);
  const body = await response.text();
  if (response.status !== 200) throw new Error(`${operation}: ${body}`);
  answers.push([operation, body]);
  return JSON.parse(body);
}

async function callEveryOperation(): Promise<void> {
  const { UserPool } = await call('CreateUserPool', {
    PoolName: 'test',
    AliasAttributes: ['email'],
    AutoVerifiedAttributes: ['email'],
  });
  const ofPool = { UserPoolId: UserPool.Id };
  await call('DescribeUserPool', ofPool);
  const { UserPoolClient } = await call('CreateUserPoolClient', {
    ...ofPool,
    ClientName: 'test',
    ExplicitAuthFlows: [
      'ALLOW_USER_PASSWORD_AUTH',
      'ALLOW_ADMIN_USER_PASSWORD_AUTH',
      'ALLOW_USER_SRP_AUTH',
      'ALLOW_REFRESH_TOKEN_AUTH',
    ],
  });
  const { ClientId } = UserPoolClient;
  await call('DescribeUserPoolClient', { ...ofPool, ClientId });
  await callOperationsOfPools(ofPool, ClientId);

  const UserAttributes = [{ Name: 'email', Value: 'nia@example.com' }];
  await call('SignUp', { ClientId, Username: 'nia', Password: PASSWORD, UserAttributes });
  const [, ConfirmationCode] = /^code (\d{6})/.exec(pool.logged.at(-1) ?? '') ?? [];
  await call('ConfirmSignUp', { ClientId, Username: 'nia', ConfirmationCode });
  await call('SignUp', { ClientId, Username: 'ned', Password: PASSWORD, UserAttributes });
  await call('ResendConfirmationCode', { ClientId, Username: 'ned' });
  await call('AdminConfirmSignUp', { ...ofPool, Username: 'ned' });
  const { AuthenticationResult } = await call('InitiateAuth', {
    ClientId,
    AuthFlow: 'USER_PASSWORD_AUTH',
    AuthParameters: { USERNAME: 'nia', PASSWORD },
  });
  const { AccessToken } = AuthenticationResult;
  refreshToken = AuthenticationResult.RefreshToken;
  await call('GetUser', { AccessToken });
  await call('UpdateUserAttributes', {
    AccessToken,
    UserAttributes: [{ Name: 'name', Value: 'Nia' }],
  });
  await call('GetUserAttributeVerificationCode', { AccessToken, AttributeName: 'email' });
  await call('VerifyUserAttribute', {
    AccessToken,
    AttributeName: 'email',
    Code: pool.lastCode(),
  });
  await call('DeleteUserAttributes', { AccessToken, UserAttributeNames: ['name'] });
  await call('ChangePassword', {
    AccessToken,
    PreviousPassword: PASSWORD,
    ProposedPassword: REPLACED,
  });
  await call('GetTokensFromRefreshToken', { ClientId, RefreshToken: refreshToken });
  await call('ForgotPassword', { ClientId, Username: 'nia' });
  await call('ConfirmForgotPassword', {
    ClientId,
    Username: 'nia',
    ConfirmationCode: pool.lastCode(),
    Password: PASSWORD,
  });
  await call('AdminResetUserPassword', { ...ofPool, Username: 'nia' });
  await call('GlobalSignOut', { AccessToken });
  await call('RevokeToken', { ClientId, Token: refreshToken });

  const ofUser = { ...ofPool, Username: 'uma' };
  await call('AdminCreateUser', { ...ofUser, TemporaryPassword: TEMPORARY });
  for (const by of ['', 'Admin']) await chooseNewPassword(by, ofPool, ClientId);
  await call('AdminSetUserPassword', { ...ofUser, Password: REPLACED, Permanent: true });
  await call('InitiateAuth', {
    ClientId,
    AuthFlow: 'USER_SRP_AUTH',
    AuthParameters: { USERNAME: 'uma', SRP_A: '2f' },
  });
  await call('AdminGetUser', ofUser);
  await call('AdminUpdateUserAttributes', { ...ofUser, UserAttributes });
  await call('AdminDeleteUserAttributes', { ...ofUser, UserAttributeNames: ['email'] });
  await call('AdminDisableUser', ofUser);
  await call('AdminEnableUser', ofUser);
  await call('CreateGroup', { ...ofPool, GroupName: 'staff' });
  await call('AdminAddUserToGroup', { ...ofUser, GroupName: 'staff' });
  await call('GetGroup', { ...ofPool, GroupName: 'staff' });
  await call('UpdateGroup', { ...ofPool, GroupName: 'staff', Description: 'All of us' });
  await call('ListGroups', ofPool);
  await call('ListUsersInGroup', { ...ofPool, GroupName: 'staff' });
  await call('AdminListGroupsForUser', ofUser);
  await call('AdminRemoveUserFromGroup', { ...ofUser, GroupName: 'staff' });
  await call('DeleteGroup', { ...ofPool, GroupName: 'staff' });
  await call('AdminUserGlobalSignOut', ofUser);
  await call('ListUsers', ofPool);
  await call('AdminCreateUser', { ...ofPool, Username: 'gone', TemporaryPassword: TEMPORARY });
  await call('AdminDeleteUser', { ...ofPool, Username: 'gone' });
  for (const path of ['local-pool', `${UserPool.Id}/.well-known/jwks.json`])
    answers.push([path, await (await fetch(`${pool.localPool.endpoint}/${path}`)).text()]);
}

async function callOperationsOfPools(ofPool: object, ClientId: string): Promise<void> {
  await call('UpdateUserPool', { ...ofPool, AutoVerifiedAttributes: ['email'] });
  await call('AddCustomAttributes', { ...ofPool, CustomAttributes: [{ Name: 'plan' }] });
  await call('ListUserPools', { MaxResults: 10 });
  await call('ListUserPoolClients', { ...ofPool, MaxResults: 10 });
  await call('UpdateUserPoolClient', {
    ...ofPool,
    ClientId,
    ExplicitAuthFlows: [
      'ALLOW_USER_PASSWORD_AUTH',
      'ALLOW_ADMIN_USER_PASSWORD_AUTH',
      'ALLOW_USER_SRP_AUTH',
      'ALLOW_REFRESH_TOKEN_AUTH',
    ],
  });
  const server = { ...ofPool, Identifier: 'orders', Name: 'Orders' };
  await call('CreateResourceServer', server);
  await call('UpdateResourceServer', server);
  await call('DescribeResourceServer', server);
  await call('ListResourceServers', { ...ofPool, MaxResults: 10 });
  await call('DeleteResourceServer', server);
  const { UserPool } = await call('CreateUserPool', { PoolName: 'other' });
  const ofOther = { UserPoolId: UserPool.Id };
  const { UserPoolClient } = await call('CreateUserPoolClient', { ...ofOther, ClientName: 'x' });
  await call('DeleteUserPoolClient', { ...ofOther, ClientId: UserPoolClient.ClientId });
  await call('DeleteUserPool', ofOther);
}

/** A first sign-in, by the user's own client and by an administrator's. */
async function chooseNewPassword(by: string, ofPool: object, ClientId: string): Promise<void> {
  const USERNAME = `fay${by}`;
  const ofClient = { ClientId, ...(by && ofPool) };
  await call('AdminCreateUser', {
    ...ofPool,
    Username: USERNAME,
    TemporaryPassword: TEMPORARY,
    MessageAction: 'SUPPRESS',
  });
  const { Session } = await call(`${by}InitiateAuth`, {
    ...ofClient,
    AuthFlow: by ? 'ADMIN_USER_PASSWORD_AUTH' : 'USER_PASSWORD_AUTH',
    AuthParameters: { USERNAME, PASSWORD: TEMPORARY },
  });
  const { AuthenticationResult } = await call(`${by}RespondToAuthChallenge`, {
    ...ofClient,
    Session,
    ChallengeName: 'NEW_PASSWORD_REQUIRED',
    ChallengeResponses: { USERNAME, NEW_PASSWORD: REPLACED },
  });
  if (!by) await call('DeleteUser', { AccessToken: AuthenticationResult.AccessToken });
}

/** What is kept of the keys and of passwords. */
async function keptSecrets(): Promise<string[]> {
  const [row] = await pool.sql.query<{ keys: string }>(
    'select keys::text as keys from local_pool.installation',
  );
  const kept: { pem: string }[] = JSON.parse(row?.keys ?? '[]');
  const keys = kept.flatMap(({ pem }) => {
    const { d, p, q } = createPrivateKey(pem).export({ format: 'jwk' });
    return [pem.split('\n')[1], d, p, q].map(String);
  });
  const verifiers = await pool.sql.query<{ verifier: string }>(
    `select password->>'verifier' as verifier
     from local_pool.account where password is not null`,
  );
  return [...keys, ...verifiers.map(({ verifier }) => verifier)];
}

test('every operation answers what it is asked rightly', () => {
  expect(answers.map(([operation]) => operation)).toEqual(
    expect.arrayContaining([...operations.keys()]),
  );
});

test('no answer has a private key, a verifier or a password', async () => {
  const secrets = [...(await keptSecrets()), 'PRIVATE KEY', PASSWORD, TEMPORARY, REPLACED];
  expect(secrets).toHaveLength(2 * 4 + 4 + 4);
  for (const [operation, answer] of answers)
    for (const secret of secrets)
      expect([operation, answer.includes(secret)]).toEqual([operation, false]);
});

test('only signing in tells a refresh token, and only the mailbox a code', () => {
  const telling = answers.filter(([, answer]) => answer.includes(refreshToken));
  expect(telling.map(([operation]) => operation)).toEqual(['InitiateAuth']);
  const codes = pool.logged.flatMap((line) => /^code (\d{6})/.exec(line)?.[1] ?? []);
  expect(codes).toHaveLength(6);
  for (const [operation, answer] of answers)
    for (const code of codes)
      expect([operation, answer.includes(`"${code}"`)]).toEqual([operation, false]);
});

test('no table has a password or a refresh token', async () => {
  const tables = await pool.sql.query<{ name: string }>(
    `select table_name as name from information_schema.tables where table_schema = 'local_pool'`,
  );
  expect(tables.length).toBeGreaterThanOrEqual(8);
  for (const { name } of tables) {
    const rows = await pool.sql.query<{ row: string }>(
      `select t::text as row from local_pool.${name} t`,
    );
    const text = rows.map(({ row }) => row).join('\n');
    for (const secret of [PASSWORD, TEMPORARY, REPLACED, refreshToken])
      expect([name, text.includes(secret)]).toEqual([name, false]);
  }
});
