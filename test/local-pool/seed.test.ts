import {
  AdminGetUserCommand,
  AdminListGroupsForUserCommand,
  DescribeResourceServerCommand,
  DescribeUserPoolClientCommand,
  ListUserPoolClientsCommand,
  ListUsersCommand,
  paginateListUsers,
  type UserType,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  allowCallbacks,
  SEEDED_PASSWORD,
  type Sql,
  seedLocalPool,
} from '../../src/local-pool/index.js';
import {
  attributeRecord,
  claimsOf,
  type Place,
  refusal,
  startTestPool,
  type TestPool,
} from './test-pool.js';

const PORT = 4100;

let pool: TestPool;
let place: Place;
const users: UserType[] = [];
const installation = async () => (await fetch(`${pool.localPool.endpoint}/local-pool`)).json();

beforeAll(async () => {
  pool = await startTestPool();
  await expect(seedLocalPool(cutAfter(30, pool.sql), PORT)).rejects.toThrow('cut off');
  // What was cut off has left nothing, and nobody takes it for the whole.
  for (const table of ['pool', 'client', 'account', 'resource_server'])
    expect(await pool.sql.query(`select * from local_pool.${table}`)).toEqual([]);
  expect(await installation()).toEqual({ installation: expect.any(String) });

  const seeded = await Promise.all([
    seedLocalPool(pool.sql, PORT),
    seedLocalPool(pool.sql, PORT),
    seedLocalPool(pool.sql, PORT),
  ]);
  [place] = seeded;
  for (const other of seeded) expect(other).toEqual(place);
  for await (const { Users = [] } of paginateListUsers(
    { client: pool.cognito },
    { UserPoolId: place.poolId },
  ))
    users.push(...Users);
});
afterAll(() => pool.close());

const userNamed = (name: string) => {
  const user = users.find(({ Username }) => Username === name);
  return { ...user, attributes: attributeRecord(user?.Attributes) };
};
const groupsOf = async (Username: string) =>
  (
    await pool.cognito.send(
      new AdminListGroupsForUserCommand({ UserPoolId: place.poolId, Username }),
    )
  ).Groups?.map(({ GroupName }) => GroupName);

test('of those that seed at once one does, and the others find it done', async () => {
  expect(await pool.sql.query('select id from local_pool.pool')).toEqual([{ id: place.poolId }]);
});

test('seeding again writes nothing', async () => {
  const readOnly: Sql = {
    ...pool.sql,
    transaction: () => Promise.reject(new Error('Something is written.')),
  };
  expect(await seedLocalPool(readOnly, PORT)).toEqual(place);
});

test('nobody is told a code of those who were seeded', () => {
  expect(pool.logged).toEqual([]);
});

describe('the clients', () => {
  const clientNamed = async (name: string) => {
    const UserPoolId = place.poolId;
    const { UserPoolClients } = await pool.cognito.send(
      new ListUserPoolClientsCommand({ UserPoolId }),
    );
    const ClientId = UserPoolClients?.find(({ ClientName }) => ClientName === name)?.ClientId;
    const { UserPoolClient } = await pool.cognito.send(
      new DescribeUserPoolClientCommand({ UserPoolId, ClientId }),
    );
    return UserPoolClient;
  };
  const pages = [
    'http://127.0.0.1:4100/graphql',
    'http://localhost:4100/graphql',
    // The example of a client.
    'http://127.0.0.1:5173/',
    'http://localhost:5173/',
  ];

  test('that of the single-page application signs in at the page too', async () => {
    expect(await clientNamed('spa')).toMatchObject({
      ClientId: place.clientId,
      AllowedOAuthFlowsUserPoolClient: true,
      AllowedOAuthFlows: ['code'],
      AllowedOAuthScopes: ['openid', 'email', 'profile', 'phone', 'aws.cognito.signin.user.admin'],
      CallbackURLs: pages,
      LogoutURLs: pages,
      PreventUserExistenceErrors: 'ENABLED',
    });
    expect(await clientNamed('spa')).not.toHaveProperty('ClientSecret');
  });

  test('that one leads back to servers at other ports too, once they have started', async () => {
    const before = await clientNamed('spa');
    await allowCallbacks({ endpoint: pool.localPool.endpoint, sql: pool.sql }, place, 4200);
    const urls = [...pages, 'http://127.0.0.1:4200/graphql', 'http://localhost:4200/graphql'];
    const { LastModifiedDate: _moved, ...after } = (await clientNamed('spa')) ?? {};
    expect({ ...before, ...after }).toEqual({ ...before, CallbackURLs: urls, LogoutURLs: urls });

    const { calls } = pool.localPool;
    const updates = calls.get('UpdateUserPoolClient');
    for (const port of [4100, 4200])
      await allowCallbacks({ endpoint: pool.localPool.endpoint, sql: pool.sql }, place, port);
    expect(calls.get('UpdateUserPoolClient')).toBe(updates);
  });

  test('the machine client has a secret, and the scopes of the resource server', async () => {
    const { Scopes } =
      (
        await pool.cognito.send(
          new DescribeResourceServerCommand({ UserPoolId: place.poolId, Identifier: 'lifeguard' }),
        )
      ).ResourceServer ?? {};
    expect(Scopes?.map(({ ScopeName }) => ScopeName)).toEqual(['read', 'write']);
    expect(await clientNamed('machine')).toMatchObject({
      ClientSecret: expect.stringMatching(/^\w{30,}$/),
      AllowedOAuthFlows: ['client_credentials'],
      AllowedOAuthScopes: ['lifeguard/read', 'lifeguard/write'],
    });
  });

  test('people of the pool sign in to the other one as well', async () => {
    const other = { poolId: place.poolId, clientId: (await clientNamed('other'))?.ClientId ?? '' };
    expect(other.clientId).not.toBe(place.clientId);
    const { AccessToken } = await pool.signIn(other, 'uma@example.com', SEEDED_PASSWORD);
    expect(claimsOf(AccessToken)).toMatchObject({ client_id: other.clientId });
  });
});

describe('the people', () => {
  test('fill three pages of 60, and more', async () => {
    expect(users.length).toBeGreaterThan(180);
    const { Users, PaginationToken } = await pool.cognito.send(
      new ListUsersCommand({ UserPoolId: place.poolId }),
    );
    expect(Users).toHaveLength(60);
    expect(PaginationToken).toBeDefined();
  });

  test('have names of their own and pictures', () => {
    const ordinary = users.filter(({ UserStatus }) => UserStatus === 'CONFIRMED');
    const attributes = ordinary.map((user) => attributeRecord(user.Attributes));
    for (const { name, given_name, family_name, picture } of attributes) {
      expect(name).toBe(`${given_name} ${family_name}`);
      expect(picture).toMatch(/^https:\/\/\S+$/);
    }
    expect(new Set(attributes.map(({ name }) => name)).size).toBe(attributes.length);
  });

  test.each([
    ['ada', ['admin']],
    ['sam', ['support']],
    ['uma', []],
  ])('%s signs in by e-mail, with the groups %j', async (name, groups) => {
    const { AccessToken } = await pool.signIn(place, `${name}@example.com`, SEEDED_PASSWORD);
    expect(claimsOf(AccessToken)).toMatchObject({ username: name, client_id: place.clientId });
    expect(claimsOf(AccessToken)['cognito:groups'] ?? []).toEqual(groups);
    expect(await groupsOf(name)).toEqual(groups);
  });

  test('an ordinary one signs in too', async () => {
    const { attributes } = userNamed('amara.chen');
    expect((await pool.signIn(place, attributes.email ?? '')).AccessToken).toBeDefined();
  });

  test('dan is disabled and fay has a temporary password', async () => {
    expect(userNamed('dan')).toMatchObject({ Enabled: false, UserStatus: 'CONFIRMED' });
    expect((await refusal(pool.signIn(place, 'dan@example.com'))).message).toBe(
      'User is disabled.',
    );
    expect(userNamed('fay').UserStatus).toBe('FORCE_CHANGE_PASSWORD');
    expect((await refusal(pool.signIn(place, 'fay@example.com'))).message).toBe(
      'Challenged: NEW_PASSWORD_REQUIRED',
    );
  });

  test('three share an address, which only the confirmed one has verified', async () => {
    const twins = users
      .map((user) => ({ user, attributes: attributeRecord(user.Attributes) }))
      .filter(({ attributes }) => attributes.email === 'twin@example.com');
    expect(
      twins.map(({ user, attributes }) => [user.UserStatus, attributes.email_verified]).sort(),
    ).toEqual([
      ['CONFIRMED', 'true'],
      ['UNCONFIRMED', 'false'],
      ['UNCONFIRMED', 'false'],
    ]);
    const { UserStatus } = await pool.cognito.send(
      new AdminGetUserCommand({ UserPoolId: place.poolId, Username: 'twin@example.com' }),
    );
    expect(UserStatus).toBe('CONFIRMED');
  });
});

/** The database until some statements were run, as a process has it that is killed. */
function cutAfter(statements: number, sql: Sql): Sql {
  let left = statements;
  const cut = ({ query, transaction }: Sql): Sql => ({
    query: async (statement, parameters) => {
      if (left-- <= 0) throw new Error('cut off');
      return query(statement, parameters);
    },
    transaction: (run) => transaction((inner) => run(cut(inner))),
  });
  return cut(sql);
}
