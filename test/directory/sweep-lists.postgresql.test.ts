import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Server } from '../../src/app.js';
import { type PoolBehindProxy, poolBehindProxy } from '../support/pool-behind-proxy.js';
import { askForSweep, sweepAfter, sweepNow, sweepOf } from '../support/sweep.js';

let pool: PoolBehindProxy;
let server: Server;
let users: number;
const logged: string[] = [];

beforeAll(async () => {
  pool = await poolBehindProxy();
  server = await pool.start({
    environment: { POOL_QUOTA_PERCENT: '100', SYNC_QUOTA_PERCENT: '100' },
    onLog: (line) => logged.push(line),
  });
  await server.swept();
  users = (await sweepOf(server, pool.host.poolId))?.completedUsers ?? 0;
});
afterEach(() => pool.proxy.change());
afterAll(() => pool.close());

const execute = <Rows extends readonly object[]>(
  sql: string,
  parameters: readonly unknown[] = [],
) => server.app.orm.em.fork().execute<Rows>(sql, [...parameters]);

async function living(): Promise<number> {
  const rows = await execute<object[]>('select id from identity where deleted_at is null');
  return rows.length;
}

const calls = (operation: string) => pool.proxy.count(operation);

describe('a list that lacks users deletes nobody:', () => {
  test.each([
    ['an empty list', 0],
    ['pages that are cut short', 7],
  ])('%s', async (_what, length) => {
    pool.proxy.change((operation, answer) =>
      operation === 'ListUsers' && Array.isArray(answer.Users)
        ? { ...answer, Users: answer.Users.slice(0, length) }
        : answer,
    );
    const before = calls('AdminGetUser');
    const pages = Math.ceil(users / 60);
    expect(await sweepNow(server, pool.host.poolId)).toMatchObject({
      completedUsers: length * pages,
      completedVanished: 0,
    });
    expect(await living()).toBe(users);
    // Whoever was not in the list was asked for by name.
    expect(calls('AdminGetUser') - before).toBe(users - length * pages);
  });

  test('a list that is over too early', async () => {
    pool.proxy.change((operation, answer) =>
      operation === 'ListUsers' ? { Users: answer.Users } : answer,
    );
    expect(await sweepNow(server, pool.host.poolId)).toMatchObject({
      completedUsers: 60,
      completedVanished: 0,
    });
    expect(await living()).toBe(users);
  });
});

test('a pool without groups leaves everybody in none, and costs one call to tell', async () => {
  pool.proxy.change((operation, answer) => (operation === 'ListGroups' ? {} : answer));
  const before = calls('ListUsersInGroup');
  await sweepNow(server, pool.host.poolId);
  expect(calls('ListUsersInGroup')).toBe(before);
  expect(await execute("select id from pool_profile where groups <> '[]'")).toEqual([]);
});

test('a page without users that has a next one is no end', async () => {
  let isFirst = true;
  pool.proxy.change((operation, answer) => {
    if (operation !== 'ListUsers' || !isFirst) return answer;
    isFirst = false;
    return { ...answer, Users: [] };
  });
  expect(await sweepNow(server, pool.host.poolId)).toMatchObject({
    completedUsers: users - 60,
    completedVanished: 0,
  });
});

describe('a continuation that the pool does not accept any more', () => {
  test.each([
    ['of the users', 'USERS', null],
    ['of the members of a group', 'GROUPS', 'support'],
  ])('%s begins that part anew, and says so', async (_what, phase, atGroup) => {
    const before = await sweepOf(server, pool.host.poolId);
    await execute(
      `update pool_sweep set position = position + 1, phase = ?, at_group = ?, next = 'outdated',
         started_at = now(), groups_read_at = now(), users = 60, pages = 1`,
      [phase, atGroup],
    );
    logged.length = 0;
    const lists = calls('ListUsers');
    await askForSweep(server, pool.host.poolId);
    const after = await sweepAfter(server, pool.host.poolId, before?.completedAt ?? null);
    expect(after).toMatchObject({ completedUsers: users, completedVanished: 0 });
    const pages = Math.ceil(users / 60);
    expect(calls('ListUsers') - lists).toBe(phase === 'USERS' ? pages + 1 : pages);
    expect(logged.join('')).toContain('the pool does not continue its list, which begins anew');
  });
});

test('a walk of before a restart goes on where it was', async () => {
  const before = await sweepOf(server, pool.host.poolId);
  let seen: string | undefined;
  pool.proxy.change((operation, answer) => {
    if (operation === 'ListUsers') seen ??= String(answer.PaginationToken);
    return answer;
  });
  await sweepNow(server, pool.host.poolId);
  await execute(
    `update pool_sweep set position = position + 1, phase = 'USERS', next = ?, started_at = now(),
       groups_read_at = now(), users = 60, pages = 1`,
    [seen],
  );
  const lists = calls('ListUsers');
  const groups = calls('ListGroups');
  await askForSweep(server, pool.host.poolId);
  const middle = await sweepOf(server, pool.host.poolId);
  const after = await sweepAfter(server, pool.host.poolId, middle?.completedAt ?? null);
  expect(after.completedAt?.getTime()).toBeGreaterThan(before?.completedAt?.getTime() ?? 0);
  expect(after).toMatchObject({ completedUsers: users, completedVanished: 0 });
  expect(calls('ListUsers') - lists).toBe(Math.ceil(users / 60) - 1);
  expect(calls('ListGroups')).toBe(groups);
});

test('under USER_PROVISIONING=deny it mirrors who is known, and makes nobody', async () => {
  const other = await poolBehindProxy();
  try {
    const closed = await other.start({
      environment: { USER_PROVISIONING: 'deny', SYNC_QUOTA_PERCENT: '100' },
    });
    await closed.swept();
    const em = closed.app.orm.em.fork();
    expect(await em.execute('select id from identity')).toEqual([]);
    expect(await em.execute('select id from pool_profile')).toEqual([]);
    expect(await sweepOf(closed, other.host.poolId)).toMatchObject({ completedUsers: users });
  } finally {
    await other.close();
  }
});
