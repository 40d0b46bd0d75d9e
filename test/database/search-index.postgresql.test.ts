import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { migrate } from '../../src/database/migrate.js';
import { openDatabase } from '../../src/database/open.js';
import { entities } from '../../src/features.js';
import { type Client, startApi, type TestApi } from '../support/api.js';
import { emptyDatabase, type TestDatabase, testDatabase } from '../support/database.js';
import { administer, uniqueDatabaseName } from '../support/postgres.js';

const ROWS = 20_000;

/** One statement a table: the triggers answer each as a whole. */
const FILL = [
  `create temporary table filled as
   select n, gen_random_uuid() as user_id, gen_random_uuid() as identity_id,
     md5(n::text) as name, timestamptz '2026-01-01' + n * interval '1 second' as at
   from generate_series(1, ${ROWS}) as n`,
  'insert into app_user (id, created_at, updated_at) select user_id, at, at from filled',
  `insert into identity (id, created_at, updated_at, user_id, pool_id, subject, username)
   select identity_id, at, at, user_id, 'pool', n::text, n::text from filled`,
  `insert into pool_profile (id, created_at, updated_at, identity_id, attributes, status, enabled,
     pool_created_at, pool_modified_at, attributes_read_at, search_names, search_contacts)
   select gen_random_uuid(), at, at, identity_id, '{}', 'CONFIRMED', true, at, at, now(),
     name || repeat(E'\\n', 4), name || '@example.com' || repeat(E'\\n', 2) from filled`,
];
const TERMS = ['c4ca4238', 'ffff', 'abc', 'example.com', '@@@', '_%_', 'a@e', 'nowhere'];
const ORDERS = ['CREATED_AT', 'NAME', 'LAST_SEEN_AT'];

let database: TestDatabase;
let api: TestApi;
let ada: Client;

beforeAll(async () => {
  database = await testDatabase();
  api = await startApi({ database });
  ada = await api.as('ada@example.com');
  await ada.execute('{ me { id } }');
  await api.server.app.orm.em.fork().transactional(async (em) => {
    for (const statement of FILL) await em.execute(statement);
  });
  await execute('analyze app_user');
});
afterAll(() => api.close());

const execute = <Rows extends readonly object[]>(sql: string) =>
  api.server.app.orm.em.fork().execute<Rows>(sql);

/** What each term finds in each order: the ids of a page, and how many there are. */
async function everything(): Promise<readonly object[]> {
  const results: object[] = [];
  for (const search of TERMS) {
    for (const field of ORDERS) {
      const { data, errors } = await ada.execute(
        `query ($filter: UserFilter, $orderBy: UserOrder) {
          users(first: 50, filter: $filter, orderBy: $orderBy) { nodes { id } totalCount }
        }`,
        { filter: { search }, orderBy: { field } },
      );
      expect(errors).toBeUndefined();
      results.push({ search, field, ...data.users });
    }
  }
  return results;
}

test('the triggers have listed all that was inserted', async () => {
  const [{ count } = { count: 0 }] = await execute<{ count: number }[]>(
    "select count(*)::int as count from app_user where listed_contacts like '%@example.com%'",
  );
  expect(count).toBeGreaterThan(ROWS);
});

// The embedded database has no such index: it is for one developer's few rows.
describe('the index of trigrams', () => {
  async function scans(): Promise<number> {
    const [row] = await execute<{ scans: string }[]>(
      "select idx_scan as scans from pg_stat_user_indexes where indexrelname = 'app_user_search_index'",
    );
    return Number(row?.scans);
  }

  test('is what a search is answered by', async () => {
    const before = await scans();
    const { data } = await ada.execute('{ users(filter: { search: "c4ca4238" }) { totalCount } }');
    expect(data.users.totalCount).toBe(1);
    // PostgreSQL counts scans with a delay.
    for (let left = 100; left > 0 && (await scans()) === before; left--) await sleep(100);
    expect(await scans()).toBeGreaterThan(before);
    const plan = await execute<object[]>(
      "explain select id from app_user where listed_names like '%c4ca4238%' or listed_contacts like '%c4ca4238%'",
    );
    expect(JSON.stringify(plan)).toContain('app_user_search_index');
  });

  test('changes nothing of what is found, and comes back at the next start', async () => {
    const withIndex = await everything();
    await execute('drop index app_user_search_index');
    expect(await everything()).toEqual(withIndex);
    const { orm } = api.server.app;
    expect(await migrate(orm, database.location)).toEqual({ searchIndex: 'made' });
    expect(await migrate(orm, database.location)).toEqual({ searchIndex: 'made' });
    expect(await scans()).toBe(0);
  });

  test('is gone without where the server may not make the extension', async () => {
    const empty = await emptyDatabase();
    if (!('url' in empty.location)) throw new Error('This is not PostgreSQL.');
    const owner = empty.location.url;
    const role = uniqueDatabaseName();
    await administer(
      owner,
      `create role ${role} login password '${role}'; grant create, usage on schema public to ${role}`,
    );
    try {
      const url = new URL(owner);
      url.username = role;
      url.password = role;
      const opened = await openDatabase({ location: { url: url.href }, entities });
      await opened.close();
      expect(opened.migrated).toEqual({ searchIndex: 'impossible' });
    } finally {
      await administer(owner, `drop owned by ${role}; drop role ${role}`);
      await empty.drop();
    }
  });
});
