import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { type Client, startApi, type TestApi } from '../support/api.js';

let api: TestApi;
let sam: Client;

beforeAll(async () => {
  api = await startApi();
  sam = await api.as('sam@example.com');
  await sam.execute('{ me { id } }');
});
afterEach(() => api.localPool.faults.clear());
afterAll(() => api.close());

const execute = (sql: string) => api.server.app.orm.em.fork().execute(sql);

const QUERY = /* GraphQL */ `{
  poolDrift {
    poolId mirrored estimated missing stale groupsUnread oldestReadAt lag
    walk { phase startedAt users share }
    lastWalk { startedAt completedAt users vanished }
  }
}`;

async function drift() {
  const { data, errors } = await sam.execute(QUERY);
  expect(errors).toBeUndefined();
  expect(data.poolDrift).toHaveLength(1);
  return data.poolDrift[0];
}

describe('poolDrift', () => {
  // First, before an estimate is remembered.
  test('never fails because the pool is down', async () => {
    api.localPool.faults.set({ operations: [{ match: 'DescribeUserPool', fault: 'error' }] });
    expect(await drift()).toMatchObject({ estimated: null, mirrored: 188 });
  });

  test('tells how old the mirror is, by a call to the pool a minute and two statements', async () => {
    await new Promise((resolve) => setTimeout(resolve, 5_100));
    const { pool } = await api.count(drift);
    expect(pool).toEqual({ DescribeUserPool: 1 });
    const { pool: again, sql } = await api.count(drift);
    expect(again).toEqual({});
    const [mirror, walks] = sql;
    expect(sql).toHaveLength(2);
    expect(mirror).toContain('from identity i left join pool_profile p');
    expect(walks).toContain('from "pool_sweep"');

    const { oldestReadAt, lag, lastWalk, ...counts } = await drift();
    expect(counts).toEqual({
      poolId: api.poolId,
      mirrored: 188,
      estimated: 188,
      missing: 0,
      stale: 0,
      groupsUnread: 0,
      walk: null,
    });
    expect(Math.abs(Date.now() - Date.parse(oldestReadAt) - lag * 1000)).toBeLessThan(5_000);
    expect(lastWalk).toMatchObject({ users: 188, vanished: 0 });
    expect(Date.parse(lastWalk.completedAt)).toBeGreaterThan(Date.parse(lastWalk.startedAt));
  });

  test('counts what is stale, missing and without groups, and tells of a walk under way', async () => {
    await execute(`
      update pool_profile set attributes_read_at = attributes_read_at - interval '1 day'
      where identity_id in (select id from identity where username like 'mei.%')`);
    await execute(`
      update pool_profile set groups = null, groups_read_at = null
      where identity_id in (select id from identity where username like 'liam.%')`);
    await execute(`
      delete from pool_profile where identity_id in (select id from identity where username = 'uma')`);
    await execute(`
      update identity set deleted_at = now() where username = 'twin-1'`);
    await execute(`
      update pool_sweep set phase = 'USERS', users = 94, started_at = now(), groups_read_at = now()`);
    const found = await drift();
    expect(found).toMatchObject({ missing: 1, walk: { phase: 'USERS', users: 94, share: 0.5 } });
    expect(found.stale).toBeGreaterThan(1);
    expect(found.groupsUnread).toBeGreaterThan(1);
    expect(found.lag).toBeGreaterThanOrEqual(86_400);
  });

  test('is for staff alone', async () => {
    const { status, errors } = await (await api.as('mei.chen@example.com')).execute(QUERY);
    expect(status).toBe(403);
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'FORBIDDEN' });
  });
});
