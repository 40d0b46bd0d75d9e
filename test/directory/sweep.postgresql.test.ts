import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminDeleteUserCommand,
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  AdminRemoveUserFromGroupCommand,
  AdminUpdateUserAttributesCommand,
  CreateGroupCommand,
  DeleteGroupCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type Client, startApi, type TestApi } from '../support/api.js';
import { sweepNow } from '../support/sweep.js';

let api: TestApi;
let ada: Client;

beforeAll(async () => {
  // The walks of tests need not be slow.
  const environment = { POOL_QUOTA_PERCENT: '100', SYNC_QUOTA_PERCENT: '100' };
  api = await startApi({ environment });
  ada = await api.as('ada@example.com');
  await ada.execute('{ me { id } }');
});
afterEach(() => api.localPool.faults.clear());
afterAll(() => api.close());

const execute = <Rows extends readonly object[]>(
  sql: string,
  parameters: readonly unknown[] = [],
) => api.server.app.orm.em.fork().execute<Rows>(sql, [...parameters]);

const sweep = () => sweepNow(api.server, api.poolId);
const ofUser = (Username: string) => ({ UserPoolId: api.poolId, Username });
const inGroup = (Username: string, GroupName: string) => ({ ...ofUser(Username), GroupName });
const addToGroup = (username: string, group: string) =>
  api.cognito.send(new AdminAddUserToGroupCommand(inGroup(username, group)));

/** What everybody with the right sees of an account, without a look at the pool. */
async function accountOf(username: string) {
  const [row] = await execute<{ id: string }[]>(
    'select user_id as id from identity where username = ?',
    [username],
  );
  const query = /* GraphQL */ `query ($id: ID!) {
    user(id: $id) { profile { name } account { email enabled groups } }
  }`;
  let answer: Awaited<ReturnType<Client['execute']>> | undefined;
  const { pool } = await api.count(async () => {
    answer = await ada.execute(query, { id: row?.id });
  });
  expect(pool).toEqual({});
  expect(answer?.errors).toBeUndefined();
  return answer?.data.user;
}

describe('what was changed directly at the pool shows after the walk:', () => {
  test('attributes', async () => {
    const UserAttributes = [{ Name: 'name', Value: 'Mei Changed' }];
    await api.cognito.send(
      new AdminUpdateUserAttributesCommand({ ...ofUser('mei.chen'), UserAttributes }),
    );
    expect(await accountOf('mei.chen')).toMatchObject({ profile: { name: 'Mei Chen' } });
    await sweep();
    expect(await accountOf('mei.chen')).toMatchObject({ profile: { name: 'Mei Changed' } });
  });

  test('a group that somebody came into, and one that they left', async () => {
    await addToGroup('mei.gupta', 'support');
    await api.cognito.send(new AdminRemoveUserFromGroupCommand(inGroup('sam', 'support')));
    await sweep();
    expect((await accountOf('mei.gupta')).account.groups).toEqual(['support']);
    expect((await accountOf('sam')).account.groups).toEqual([]);
    await addToGroup('sam', 'support');
    await api.cognito.send(new AdminRemoveUserFromGroupCommand(inGroup('mei.gupta', 'support')));
    await sweep();
    expect((await accountOf('mei.gupta')).account.groups).toEqual([]);
    expect((await accountOf('sam')).account.groups).toEqual(['support']);
  });

  test('who is disabled, whose token is refused from then on', async () => {
    const token = await api.signIn('uma@example.com');
    const uma = api.withToken(token);
    expect((await uma.execute('{ me { id } }')).status).toBe(200);
    await api.cognito.send(new AdminDisableUserCommand(ofUser('uma')));
    await sweep();
    expect((await accountOf('uma')).account.enabled).toBe(false);
    const { status, errors } = await uma.execute('{ me { id } }');
    expect(status).toBe(401);
    expect(errors?.[0]?.extensions).toMatchObject({ reason: 'disabled' });
    await api.cognito.send(new AdminEnableUserCommand(ofUser('uma')));
  });

  test('who is new', async () => {
    const UserAttributes = [{ Name: 'email', Value: 'new@example.com' }];
    await api.cognito.send(
      new AdminCreateUserCommand({
        ...ofUser('newcomer'),
        UserAttributes,
        MessageAction: 'SUPPRESS',
      }),
    );
    await addToGroup('newcomer', 'support');
    await sweep();
    expect((await accountOf('newcomer')).account).toEqual({
      email: 'new@example.com',
      enabled: true,
      groups: ['support'],
    });
  });

  test('who is gone, whose token is refused from then on, after a call for them alone', async () => {
    const liam = api.withToken(await api.signIn('liam.gupta@example.com'));
    expect((await liam.execute('{ me { id } }')).status).toBe(200);
    await api.cognito.send(new AdminDeleteUserCommand(ofUser('liam.gupta')));
    const { pool } = await api.count(async () => {
      expect(await sweep()).toMatchObject({ completedVanished: 1 });
    });
    expect(pool.AdminGetUser).toBe(1);
    expect((await accountOf('liam.gupta')).account).toBeNull();
    const { status, errors } = await liam.execute('{ me { id } }');
    expect(status).toBe(401);
    expect(errors?.[0]?.extensions).toMatchObject({ reason: 'deleted' });
    expect(await sweep()).toMatchObject({ completedVanished: 0 });
  });
});

describe('groups', () => {
  test('of somebody in several, of everybody in a large one, and of nobody in an empty one', async () => {
    for (const GroupName of ['Écoute', 'everybody', 'nobody'])
      await api.cognito.send(new CreateGroupCommand({ UserPoolId: api.poolId, GroupName }));
    await execute(
      `insert into local_pool.membership (pool_id, group_name, sub)
       select pool_id, 'everybody', sub from local_pool.account where pool_id = ?`,
      [api.poolId],
    );
    await addToGroup('ada', 'Écoute');
    const [{ users = 0 } = {}] = await execute<{ users: number }[]>(
      'select count(*)::int as users from local_pool.account where pool_id = ?',
      [api.poolId],
    );
    expect(users).toBeGreaterThan(60);
    const { pool } = await api.count(sweep);
    expect(pool).toMatchObject({ ListGroups: 1, ListUsersInGroup: 4 + Math.ceil(users / 60) });
    expect(pool).not.toHaveProperty('AdminGetUser');
    expect((await accountOf('ada')).account.groups.sort()).toEqual(
      ['admin', 'everybody', 'Écoute'].sort(),
    );
    const rows = await execute<{ groups: number }[]>(
      `select count(*)::int as groups from pool_profile p join identity i on i.id = p.identity_id
       where i.deleted_at is null and p.groups::text like '%everybody%'`,
    );
    expect(rows).toEqual([{ groups: users }]);
    await api.cognito.send(
      new DeleteGroupCommand({ UserPoolId: api.poolId, GroupName: 'everybody' }),
    );
    await sweep();
    expect((await accountOf('ada')).account.groups.sort()).toEqual(['admin', 'Écoute'].sort());
  });

  test('that were read directly while the walk read them are kept', async () => {
    const youngest = new Date(Date.now() + 60_000);
    await execute(
      `update pool_profile set groups = '["younger"]', groups_read_at = ? where identity_id =
         (select id from identity where username = 'mei.silva' or username = 'mei.dubois' limit 1)`,
      [youngest],
    );
    await sweep();
    const rows = await execute<object[]>(
      `select groups_read_at from pool_profile where groups::text like '%younger%'`,
    );
    expect(rows).toHaveLength(1);
  });
});

describe('a walk', () => {
  test('costs a call for 60 users, one for the groups, and one for 60 members of each', async () => {
    const [{ users = 0 } = {}] = await execute<{ users: number }[]>(
      'select count(*)::int as users from local_pool.account where pool_id = ?',
      [api.poolId],
    );
    const groups = await execute<object[]>(
      'select name from local_pool.pool_group where pool_id = ?',
      [api.poolId],
    );
    const { pool } = await api.count(async () => {
      expect(await sweep()).toMatchObject({ completedUsers: users });
    });
    expect(pool).toEqual({
      ListGroups: 1,
      ListUsersInGroup: groups.length,
      ListUsers: Math.ceil(users / 60),
    });
  });

  test('keeps each page by the same few statements', async () => {
    const { sql } = await api.count(sweep);
    expect(transactionsWith('insert into pool_profile', sql).map(({ length }) => length)).toEqual([
      6, 6, 6, 6,
    ]);
    const [page] = transactionsWith('insert into pool_profile', sql);
    expect(page?.map((statement) => /^\w+/.exec(statement)?.[0])).toEqual([
      'begin',
      'update',
      'select',
      'select',
      'insert',
      'commit',
    ]);
  });

  test('makes the users of a page by two more', async () => {
    await execute(
      'delete from app_user where id in (select user_id from identity where username like ?)',
      ['mei.%'],
    );
    const { sql } = await api.count(sweep);
    const lengths = transactionsWith('insert into pool_profile', sql).map(({ length }) => length);
    expect(Math.max(...lengths)).toBe(8);
    expect((await accountOf('mei.chen')).account.email).toBe('mei.chen@example.com');
  });

  test('that a deletion and a new group come between goes on', async () => {
    for (const GroupName of ['a', 'b'])
      await api.cognito.send(new CreateGroupCommand({ UserPoolId: api.poolId, GroupName }));
    api.localPool.faults.set({
      operations: [{ match: 'ListUsersInGroup', fault: 'latency', milliseconds: 300 }],
    });
    const walk = sweep();
    await api.cognito.send(new DeleteGroupCommand({ UserPoolId: api.poolId, GroupName: 'b' }));
    expect(await walk).toMatchObject({ phase: null });
  });
});

/** The transactions that hold a statement, each with its statements in their order. */
function transactionsWith(part: string, sql: readonly string[]): string[][] {
  const own = sql.filter((statement) => !statement.includes('local_pool'));
  return own
    .join('\u0000')
    .split(/(?=begin)/)
    .map((text) => text.split('\u0000').filter((statement) => statement !== ''))
    .filter((statements) => statements.some((statement) => statement.includes(part)))
    .map((statements) => statements.slice(0, statements.indexOf('commit') + 1));
}
