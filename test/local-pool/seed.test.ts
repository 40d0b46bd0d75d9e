import { once } from 'node:events';
import { createServer } from 'node:http';
import {
  AdminGetUserCommand,
  AdminListGroupsForUserCommand,
  ListUsersCommand,
  paginateListUsers,
  type UserType,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { SEEDED_PASSWORD, seedLocalPool, startLocalPool } from '../../src/local-pool/index.js';
import {
  attributeRecord,
  claimsOf,
  type Place,
  refusal,
  startTestPool,
  type TestPool,
} from './test-pool.js';

const silent = { info: () => {}, warn: () => {}, error: () => {} };

let pool: TestPool;
let place: Place;
const users: UserType[] = [];
const installation = async () => (await fetch(`${pool.localPool.endpoint}/local-pool`)).json();

beforeAll(async () => {
  pool = await startTestPool();
  const cut = await cutAfter(30, pool.localPool.endpoint);
  await expect(seedLocalPool(cut, pool.sql)).rejects.toThrow();
  cut.close();
  // Half of it is there, and nobody takes it for the whole.
  expect(pool.localPool.calls.get('AdminCreateUser')).toBeGreaterThan(5);
  expect(await installation()).toEqual({ installation: expect.any(String) });

  const other = await startLocalPool({ sql: pool.sql, port: 0, log: silent });
  const seeded = await Promise.all([
    seedLocalPool(pool.localPool, pool.sql),
    seedLocalPool(other, pool.sql),
  ]);
  await other.close();
  [place] = seeded;
  expect(seeded[1]).toEqual(place);
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

test('of two that seed at once one pool stays, and nothing of the other', async () => {
  const whole = await pool.sql.query<{ pool_id: string }>(
    'select pool_id from local_pool.account group by pool_id having count(*) > 100',
  );
  expect(whole).toEqual([{ pool_id: place.poolId }]);
  const pools = await pool.sql.query('select id from local_pool.pool');
  expect(pools).toHaveLength(2);
});

test('the installation tells what was seeded', async () => {
  expect(await installation()).toEqual({
    installation: expect.stringMatching(/^[0-9a-f-]{36}$/),
    ...place,
  });
});

test('seeding again calls nothing', async () => {
  const before = new Map(pool.localPool.calls);
  expect(await seedLocalPool(pool.localPool, pool.sql)).toEqual(place);
  expect(pool.localPool.calls).toEqual(before);
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

/** A way to the local pool that breaks after some requests, as a process does that is killed. */
async function cutAfter(requests: number, endpoint: string) {
  let left = requests;
  const server = createServer(async (request, response) => {
    if (left-- <= 0) {
      request.socket.destroy();
      return;
    }
    const { 'x-amz-target': target, authorization } = request.headers;
    const answer = await fetch(endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': String(target),
        authorization: authorization ?? '',
      },
      body: Buffer.concat(await request.toArray()),
    });
    response.writeHead(answer.status).end(Buffer.from(await answer.arrayBuffer()));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
