import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { mirrorOf, viewerChangesOf } from '../../src/directory/index.js';
import { type Client, startApi, type TestApi } from '../support/api.js';

let api: TestApi;
let ada: Client;

beforeAll(async () => {
  // Time enough for all reads, however busy the machine is: what is counted are calls and statements.
  api = await startApi({ environment: { PROFILE_READ_BUDGET: '20000' } });
  ada = await api.as('ada@example.com');
  // The first request of a person notes that they were seen.
  await ada.execute('{ me { id } }');
});
afterAll(() => api.close());

const list = /* GraphQL */ `query ($first: Int!) {
  users(first: $first) { nodes { id profile { name picture stale } account { email } } }
}`;

/** Empties the mirror, and waits until what was read a moment ago is forgotten too. */
async function forgetProfiles(): Promise<void> {
  await mirrorOf(api.server.app).settle();
  await sleep(1_050);
  await api.server.app.orm.em
    .fork()
    .execute(
      "delete from pool_profile where identity_id not in (select id from identity where username = 'ada')",
    );
  await viewerChangesOf(api.server.app).read();
}

const PAGE = 1;
const MIRROR = 1;
const KEEP = 1;
/** Calls that are given their moments by one statement. */
const SLOTS_AT_ONCE = 60;

describe.each([1, 20, 60])('a page of %i users with profiles and accounts', (first) => {
  test('warm: one statement for the page, one for the mirror, no pool call', async () => {
    await ada.execute(list, { first });
    let data: { users: { nodes: { profile: { stale: boolean } }[] } } | undefined;
    const { sql, pool } = await api.count(async () => {
      ({ data } = await ada.execute(list, { first }));
    });
    expect(data?.users.nodes).toHaveLength(first);
    expect(sql).toHaveLength(PAGE + MIRROR);
    expect(pool).toEqual({});
  });

  test('cold: one pool call a user, one statement to keep them, and warm after', async () => {
    await forgetProfiles();
    const { sql, pool } = await api.count(async () => {
      const { data } = await ada.execute(list, { first });
      expect(
        data.users.nodes.every(({ profile }: { profile: { stale: boolean } }) => !profile.stale),
      ).toBe(true);
    });
    const reads = pool.AdminGetUser ?? 0;
    expect(reads === first || reads === first - 1).toBe(true);
    expect(Object.keys(pool)).toEqual(reads > 0 ? ['AdminGetUser'] : []);
    const [slots, others] = partition(statementsOfTheApi(sql), (text) =>
      text.includes('call_slot'),
    );
    expect(others).toHaveLength(PAGE + MIRROR + (reads > 0 ? KEEP : 0));
    // A machine that falls behind takes the rest of its slots anew.
    expect(slots.length).toBeGreaterThanOrEqual(Math.ceil(reads / SLOTS_AT_ONCE));
    expect(slots.length).toBeLessThanOrEqual(reads);
    const warm = await api.count(() => ada.execute(list, { first }));
    expect(warm.pool).toEqual({});
    expect(warm.sql).toHaveLength(PAGE + MIRROR);
  });
});

function partition<T>(all: readonly T[], belongs: (one: T) => boolean): [T[], T[]] {
  return [all.filter(belongs), all.filter((one) => !belongs(one))];
}

/** Without those of the local pool, which shares the database. */
function statementsOfTheApi(sql: readonly string[]): string[] {
  return sql.filter((statement) => !statement.includes('local_pool'));
}

describe('reading from the pool', () => {
  beforeEach(forgetProfiles);

  test('100 concurrent readers of one user make one pool call', async () => {
    const { data } = await ada.execute('{ users(last: 1) { nodes { id } } }');
    const [{ id }] = data.users.nodes;
    const { pool } = await api.count(async () => {
      const answers = await Promise.all(
        Array.from({ length: 100 }, () =>
          ada.execute('query ($id: ID!) { user(id: $id) { profile { name stale } } }', { id }),
        ),
      );
      for (const { data } of answers) expect(data.user.profile.stale).toBe(false);
    });
    expect(pool).toEqual({ AdminGetUser: 1 });
  });

  test('groups are read once and kept', async () => {
    const uma = await api.as('uma@example.com');
    await uma.execute('{ me { account { groups } } }');
    const { pool } = await api.count(async () => {
      const { data } = await uma.execute('{ me { account { groups } } }');
      expect(data.me.account.groups).toEqual([]);
    });
    expect(pool).toEqual({});
  });
});

test('an account of a pool that is not configured any more takes no list with it', async () => {
  const id = '0192f0c1-0000-7000-8000-0000000f0123';
  const em = api.server.app.orm.em.fork();
  await em.execute('insert into app_user (id, created_at, updated_at) values (?, now(), now())', [
    id,
  ]);
  await em.execute(
    `insert into identity (id, created_at, updated_at, user_id, pool_id, subject, username, last_seen_at)
     values (gen_random_uuid(), now(), now(), ?, 'eu-west-1_Former000', 'former', 'former', now())`,
    [id],
  );
  const { status, data, errors, extensions } = await ada.execute(
    'query ($id: ID!) { user(id: $id) { profile { name stale } account { groups } } }',
    { id },
  );
  await em.execute('delete from app_user where id = ?', [id]);
  expect([status, errors]).toEqual([200, undefined]);
  expect(data.user).toEqual({ profile: { name: null, stale: true }, account: { groups: null } });
  expect(extensions?.warnings).toMatchObject([{ code: 'PROFILES_MISSING' }]);
});

test('a pool that fails gives users with stale profiles, not a failed query', async () => {
  await forgetProfiles();
  await api.localPool.close();
  const { status, data, errors } = await ada.execute(list, { first: 20 });
  expect(status).toBe(200);
  expect(errors).toBeUndefined();
  const others = data.users.nodes.filter(
    ({ profile }: { profile: { name: string } }) => profile.name === null,
  );
  expect(others.length).toBeGreaterThan(15);
  for (const { profile, account } of others) {
    expect(profile).toEqual({ name: null, picture: null, stale: true });
    expect(account).toEqual({ email: null });
  }
});
