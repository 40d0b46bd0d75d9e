import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  CreateGroupCommand,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  InitiateAuthCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createServer, type Server } from '../src/app.js';
import { readConfig } from '../src/config.js';
import { takeHints } from '../src/directory/index.js';
import { createLog } from '../src/log/index.js';
import { type Answer, clientOf, startApi, type TestApi } from './support/api.js';
import { type TestDatabase, testDatabase } from './support/database.js';

/** Serves as another implementation of Cognito's API: two pools at one endpoint. */
let cognito: TestApi;
let database: TestDatabase;
let server: Server;
let second: { poolId: string; clientId: string };

beforeAll(async () => {
  process.env.AWS_ACCESS_KEY_ID = 'test';
  process.env.AWS_SECRET_ACCESS_KEY = 'test';
  cognito = await startApi();
  second = await secondPool();
  database = await testDatabase();
  const config = readConfig({
    COGNITO_POOLS: `${cognito.poolId}=${cognito.clientId};${second.poolId}=${second.clientId}`,
    COGNITO_ENDPOINT: cognito.localPool.endpoint,
    ROLE_GROUPS: `ADMIN:${cognito.poolId}/admin`,
    INTROSPECTION: 'ADMIN',
  });
  const { location } = database;
  server = await createServer({
    config,
    log: createLog({ level: 'silent' }),
    database: { location },
  });
  await server.swept();
});
afterAll(async () => {
  await server.close();
  await database.drop();
  await cognito.close();
});

/** Another pool, in which `ada` is somebody else, who is in a group of the same name. */
async function secondPool() {
  const { UserPool } = await cognito.cognito.send(
    new CreateUserPoolCommand({ PoolName: 'second' }),
  );
  const UserPoolId = UserPool?.Id ?? '';
  const { UserPoolClient } = await cognito.cognito.send(
    new CreateUserPoolClientCommand({
      UserPoolId,
      ClientName: 'second',
      ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'],
    }),
  );
  const ada = { UserPoolId, Username: 'ada' };
  const password = { Password: 'Lifeguard1!', Permanent: true };
  await cognito.cognito.send(new AdminCreateUserCommand({ ...ada, MessageAction: 'SUPPRESS' }));
  await cognito.cognito.send(new AdminSetUserPasswordCommand({ ...ada, ...password }));
  await cognito.cognito.send(new CreateGroupCommand({ UserPoolId, GroupName: 'admin' }));
  await cognito.cognito.send(new AdminAddUserToGroupCommand({ ...ada, GroupName: 'admin' }));
  return { poolId: UserPoolId, clientId: UserPoolClient?.ClientId ?? '' };
}

async function tokenOf(ClientId: string): Promise<string> {
  const { AuthenticationResult } = await cognito.cognito.send(
    new InitiateAuthCommand({
      AuthFlow: 'USER_PASSWORD_AUTH',
      ClientId,
      AuthParameters: { USERNAME: 'ada', PASSWORD: 'Lifeguard1!' },
    }),
  );
  return AuthenticationResult?.AccessToken ?? '';
}

async function ask(ClientId: string, query: string): Promise<Answer> {
  const token = await tokenOf(ClientId);
  return clientOf(server, { authorization: `Bearer ${token}` }).execute(query);
}

const who = '{ me { id identities { poolId username } } viewer { roles groups } }';

test('people of each pool are told apart, and a group counts in its own pool alone', async () => {
  const first = await ask(cognito.clientId, who);
  const other = await ask(second.clientId, who);
  expect(first.data.viewer).toEqual({ roles: ['ADMIN'], groups: ['admin'] });
  expect(other.data.viewer).toEqual({ roles: [], groups: ['admin'] });
  expect(first.data.me.identities).toEqual([{ poolId: cognito.poolId, username: 'ada' }]);
  expect(other.data.me.identities).toEqual([{ poolId: second.poolId, username: 'ada' }]);
  expect(first.data.me.id).not.toBe(other.data.me.id);
});

test('the first sweep walks through every pool', async () => {
  const pools: string[] = [];
  // From both ends: which pool's people come first is up to the sweep.
  for (const page of ['first: 100', 'last: 100']) {
    const { data } = await ask(
      cognito.clientId,
      `{ users(${page}) { nodes { identities { poolId } } totalCount } }`,
    );
    const nodes: { identities: { poolId: string }[] }[] = data.users.nodes;
    expect(data.users.totalCount).toBeGreaterThan(185);
    expect(data.users.totalCount).toBeLessThanOrEqual(200);
    pools.push(...nodes.flatMap(({ identities }) => identities.map(({ poolId }) => poolId)));
  }
  expect(new Set(pools)).toEqual(new Set([cognito.poolId, second.poolId]));
});

test('an app client that is not listed is refused', async () => {
  const { UserPoolClient } = await cognito.cognito.send(
    new CreateUserPoolClientCommand({
      UserPoolId: second.poolId,
      ClientName: 'unlisted',
      ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH'],
    }),
  );
  const { status, errors } = await ask(UserPoolClient?.ClientId ?? '', who);
  expect(status).toBe(401);
  expect(errors).toMatchObject([{ extensions: { code: 'UNAUTHENTICATED', reason: 'invalid' } }]);
});

test('a configured pool turns production limits on', async () => {
  const refused = await ask(second.clientId, '{ users { nodes { id } } }');
  expect(refused.status).toBe(403);
  expect(refused.errors?.[0]?.extensions).not.toHaveProperty('explain');
});

test.each([
  '{ __schema { queryType { name } } }',
  '{ ...F } fragment F on Query { a: __type(name: "User") { name } }',
])('INTROSPECTION lets its roles, and nobody else, ask for the schema: %s', async (query) => {
  const admin = await ask(cognito.clientId, query);
  expect(admin.errors).toBeUndefined();
  expect(admin.status).toBe(200);
  const other = await ask(second.clientId, query);
  expect([other.status, other.data]).toEqual([403, undefined]);
  expect(other.errors).toMatchObject([
    { extensions: { code: 'FORBIDDEN', reason: 'introspection' } },
  ]);
  const stranger = await clientOf(server, {}).execute(query);
  expect([stranger.status, stranger.data]).toEqual([401, undefined]);
  expect(stranger.errors).toMatchObject([
    { extensions: { code: 'UNAUTHENTICATED', reason: 'introspection' } },
  ]);
});

test('manifests that do not fit are told before anything is begun', async () => {
  const starting = createServer({
    config: readConfig({ TRUSTED_DOCUMENTS: 'nowhere.json' }),
    log: createLog({ level: 'silent' }),
    database: { location: database.location },
  });
  await expect(starting).rejects.toThrow('nowhere.json: ENOENT');
});

test('a hint that names no pool is of the pool that has an account of that subject', async () => {
  const { data } = await ask(second.clientId, '{ me { identities { poolId subject } } }');
  const [{ poolId, subject }] = data.me.identities;
  expect(poolId).toBe(second.poolId);
  // Of a call with the user's own token CloudTrail tells no pool.
  const updated = (sub: string) => ({
    source: 'aws.cognito-idp',
    'detail-type': 'AWS API Call via CloudTrail',
    detail: { eventName: 'UpdateUserAttributes', additionalEventData: { sub } },
  });
  const events = [updated(subject), updated('0f1e2d3c-0000')];
  const taken = await takeHints(server.app, { id: 'several-pools', events });
  expect(taken).toEqual({ accepted: 1, ignored: 1, repeated: false });
  const jobs = await server.app.orm.em
    .fork()
    .execute("select payload from job where kind = 'refresh-account'");
  expect(jobs).toEqual([{ payload: { poolId, subject } }]);
});
