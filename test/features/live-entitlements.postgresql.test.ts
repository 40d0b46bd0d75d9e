import { setTimeout as sleep } from 'node:timers/promises';
import {
  AdminAddUserToGroupCommand,
  AdminRemoveUserFromGroupCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { groupCheckOf, viewerChangesOf } from '../../src/directory/index.js';
import { startApi, type TestApi } from '../support/api.js';
import { eventually } from '../support/hooks.js';
import { poolToken } from '../support/pool-token.js';

let api: TestApi;
beforeAll(async () => {
  api = await startApi({ environment: { CORS_ORIGINS: 'https://app.example.com' } });
});
afterEach(() => api.localPool.faults.clear());
afterAll(() => api.close());

const VIEWER = '{ viewer { roles groups tokenStale } }';

const inGroup = (Username: string) => ({ UserPoolId: api.poolId, Username, GroupName: 'support' });
const add = (username: string) =>
  api.cognito.send(new AdminAddUserToGroupCommand(inGroup(username)));
const remove = (username: string) =>
  api.cognito.send(new AdminRemoveUserFromGroupCommand(inGroup(username)));

/** A token of that person and of a while ago, in seconds, with these groups, and with no sign-in. */
async function tokenOf(username: string, groups: readonly string[], ago: number) {
  const [row] = await api.server.app.orm.em
    .fork()
    .execute<{ subject: string }[]>('select subject from identity where username = ?', [username]);
  const iat = Math.floor(Date.now() / 1000) - ago;
  const claims = { sub: row?.subject, username, 'cognito:groups': groups, iat, auth_time: iat };
  return api.withToken(await poolToken(api, claims));
}

/** What the mirror says of the groups, read that many seconds ago. */
async function mirror(username: string, groups: readonly string[] | null, ago: number) {
  await api.server.app.orm.em.fork().execute(
    `update pool_profile set groups = ?::jsonb, groups_read_at = now() - ? * interval '1 second'
     where identity_id = (select id from identity where username = ?)`,
    [groups === null ? null : JSON.stringify(groups), ago, username],
  );
  await viewerChangesOf(api.server.app).read();
}

describe('a group that was taken away', () => {
  test('counts no more as soon as the mirror knows', async () => {
    await add('grace.chen');
    const grace = await api.as('grace.chen@example.com');
    expect((await grace.execute(VIEWER)).data.viewer.roles).toEqual(['SUPPORT']);
    await remove('grace.chen');
    expect((await grace.execute('{ users(first: 1) { nodes { id } } }')).status).toBe(200);
    await groupCheckOf(api.server.app).settle();
    await mirror('grace.chen', [], -60);
    const { status, errors } = await grace.execute('{ users(first: 1) { nodes { id } } }');
    expect(status).toBe(403);
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    expect((await grace.execute(VIEWER)).data.viewer).toEqual({
      roles: [],
      groups: ['support'],
      tokenStale: false,
    });
  });
});

describe('a group that is taken away through the back office', () => {
  const REMOVE = `mutation ($input: RemoveUserFromGroupInput!) {
    removeUserFromGroup(input: $input) { actionId }
  }`;
  const input = async (email: string) => {
    const [row] = await api.server.app.orm.em
      .fork()
      .execute<{ id: string }[]>(
        "select user_id as id from identity join pool_profile on identity_id = identity.id where attributes->>'email' = ?",
        [email],
      );
    return { id: row?.id, group: 'support', reason: 'moved on' };
  };

  test.each([
    ['the same clock', 0, 'nadia.chen'],
    ['a clock ahead', 20, 'nadia.dubois'],
    ['a clock behind', -20, 'nadia.gupta'],
  ])(
    'counts not one request more with a token of the very second, at a pool with %s',
    async (_clock, clockAhead, username) => {
      const ada = await api.as('ada@example.com');
      await add(username);
      api.localPool.faults.set({ clockAhead });
      const email = `${username}@example.com`;
      const before = await api.as(email);
      expect((await before.execute(VIEWER)).data.viewer.roles).toEqual(['SUPPORT']);
      const removed = await ada.execute(REMOVE, { input: await input(email) });
      expect(removed.errors).toBeUndefined();
      const { roles, groups } = (await before.execute(VIEWER)).data.viewer;
      expect({ roles, groups }).toEqual({ roles: [], groups: ['support'] });

      // Given again, also past Lifeguard, it counts with a token of a later second.
      await add(username);
      await sleep(1_100);
      const after = await api.as(email);
      // With a clock behind, the token looks older than the mirror until the pool is asked again.
      const counts = async () => (await after.execute(VIEWER)).data.viewer.roles[0];
      expect(await eventually(counts)).toBe('SUPPORT');
      const again = await ada.execute(REMOVE, { input: await input(email) });
      expect(again.errors).toBeUndefined();
      expect((await after.execute(VIEWER)).data.viewer.roles).toEqual([]);
    },
  );
});

describe('a group that was given', () => {
  test('shows as a stale token, which a page elsewhere may read, until there is a new one', async () => {
    const liam = await api.as('liam.chen@example.com');
    const before = await liam.execute(VIEWER);
    expect(before.data.viewer.tokenStale).toBe(false);
    expect(before.headers['x-token-stale']).toBeUndefined();
    await add('liam.chen');
    await mirror('liam.chen', ['support'], -60);
    const { data, headers } = await liam.execute(VIEWER);
    expect(data.viewer).toEqual({ roles: [], groups: [], tokenStale: true });
    expect(headers['x-token-stale']).toBe('true');
    await mirror('liam.chen', ['support'], 60);
    const anew = await api.as('liam.chen@example.com');
    const after = await anew.execute(VIEWER);
    expect(after.data.viewer).toEqual({
      roles: ['SUPPORT'],
      groups: ['support'],
      tokenStale: false,
    });
    expect(after.headers['x-token-stale']).toBeUndefined();
    await remove('liam.chen');
  });

  test('is in the headers that pages elsewhere may read', async () => {
    const response = await api.server.http.inject({
      method: 'POST',
      url: '/graphql',
      headers: { host: '127.0.0.1', origin: 'https://app.example.com' },
      payload: { query: '{ server { name } }' },
    });
    expect(response.headers['access-control-expose-headers']).toContain('X-Token-Stale');
  });

  test('counts at once with a token that is younger than the mirror, which is read anew behind', async () => {
    await mirror('mei.chen', [], 60);
    await add('mei.chen');
    const mei = await api.as('mei.chen@example.com');
    const { data } = await mei.execute(VIEWER);
    expect(data.viewer.roles).toEqual(['SUPPORT']);
    const confirmed = await eventually(async () => {
      const [row] = await api.server.app.orm.em
        .fork()
        .execute(
          "select groups from pool_profile where identity_id = (select id from identity where username = 'mei.chen')",
        );
      return row?.groups.includes('support');
    });
    expect(confirmed).toBe(true);
    await viewerChangesOf(api.server.app).read();
    await mei.execute(VIEWER);
    const { sql, pool } = await api.count(() => mei.execute('{ server { name } }'));
    expect({ sql, pool }).toEqual({ sql: [], pool: {} });
    await remove('mei.chen');
  });
});

describe('a token that claims a group which the mirror lacks', () => {
  test('counts while the pool cannot be asked if it is the younger one, and else does not', async () => {
    api.localPool.faults.set({ operations: [{ match: '*', fault: 'error' }] });
    await mirror('mei.dubois', [], 600);
    const younger = await tokenOf('mei.dubois', ['support'], 300);
    expect((await younger.execute(VIEWER)).data.viewer.roles).toEqual(['SUPPORT']);
    const older = await tokenOf('mei.dubois', ['support'], 900);
    expect((await older.execute(VIEWER)).data.viewer.roles).toEqual([]);
    await mirror('mei.dubois', null, 0);
    expect((await older.execute(VIEWER)).data.viewer.roles).toEqual(['SUPPORT']);
  });

  test('counts with a sign-in of about the second in which the mirror was read, once the pool says yes', async () => {
    await add('grace.gupta');
    const grace = await tokenOf('grace.gupta', ['support'], 2);
    // Later within the second, or the next one: before that the mirror was told of no group.
    await mirror('grace.gupta', [], 1);
    expect((await grace.execute(VIEWER)).data.viewer.roles).toEqual(['SUPPORT']);
    await remove('grace.gupta');
  });

  test('has the pool asked, once for many requests, and is refused when it says no', async () => {
    await mirror('mei.gupta', [], 600);
    const liar = await tokenOf('mei.gupta', ['support'], 300);
    const { pool } = await api.count(async () => {
      await Promise.all(Array.from({ length: 20 }, () => liar.execute(VIEWER)));
      await groupCheckOf(api.server.app).settle();
    });
    expect(pool).toEqual({ AdminGetUser: 1, AdminListGroupsForUser: 1 });
    expect((await liar.execute(VIEWER)).data.viewer.roles).toEqual([]);
  });
});

describe('ENTITLEMENTS=token', () => {
  test('has the groups of the token count until it expires, whatever the mirror says', async () => {
    const other = await startApi({ environment: { ENTITLEMENTS: 'token' } });
    try {
      const ada = await other.as('ada@example.com');
      await other.server.app.orm.em
        .fork()
        .execute("update pool_profile set groups = '[]', groups_read_at = now()");
      await viewerChangesOf(other.server.app).read();
      const { data } = await ada.execute(VIEWER);
      expect(data.viewer).toEqual({ roles: ['ADMIN'], groups: ['admin'], tokenStale: false });
      const { pool } = await other.count(() => ada.execute(VIEWER));
      expect(pool).toEqual({});
    } finally {
      await other.close();
    }
  });
});
