import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { EntityManager } from '@mikro-orm/postgresql';
import { startApi, type TestApi } from '../support/api.js';
import { median } from '../support/median.js';
import { resettable, tablesOf } from '../support/reset.js';

let api: TestApi;
let reset: () => Promise<void>;
let before: ReadonlyMap<string, readonly string[]>;
beforeAll(async () => {
  api = await startApi();
  reset = await resettable(api.server);
  before = await content();
});
afterEach(() => reset());
afterAll(() => api.close());

const em = (): EntityManager => api.server.app.orm.em.fork();

/** Every row of every table, as text. */
async function content(): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = new Map<string, readonly string[]>();
  for (const { name } of await tablesOf(em())) {
    const found = await em().execute<{ row: string }[]>(
      `select (x.*)::text as row from ${name} as x order by 1`,
    );
    rows.set(
      name,
      found.map(({ row }) => row),
    );
  }
  return rows;
}

/** Loses what a table has, or puts a row into one that has none; nothing refuses it. */
async function scramble(name: string): Promise<void> {
  await em().transactional(async (inner) => {
    await inner.execute('set local session_replication_role = replica');
    const lost = await inner.execute<object[]>(`delete from ${name} returning 1`);
    if (lost.length > 0) return;
    const columns = await inner.execute<{ name: string; value: string }[]>(
      `select quote_ident(attname) as name,
         case when typname in ('text', 'varchar') then quote_literal('made up')
           when typname = 'uuid' then 'gen_random_uuid()' when typname like 'timestamp%' then 'now()'
           when typname like '\\_%' or typname = 'bytea' then quote_literal('{}')
           when typname = 'jsonb' then quote_literal('{}') when typname = 'bool' then 'true'
           when typname = 'xid8' then 'pg_current_xact_id()' else '1' end as value
       from pg_attribute join pg_type t on t.oid = atttypid
       where attrelid = ?::regclass and attnum > 0 and not attisdropped and attgenerated = ''`,
      [name],
    );
    const [names, values] = (['name', 'value'] as const).map((of) =>
      columns.map((column) => column[of]).join(', '),
    );
    await inner.execute(`insert into ${name} (${names}) values (${values})`);
  });
}

test('whatever was written into any table is gone after a reset, and what was lost is back', async () => {
  const tables = (await tablesOf(em())).map(({ name }) => name);
  expect(tables).toEqual(expect.arrayContaining(['public.audit_event', 'local_pool.account']));
  for (const name of tables) await scramble(name);
  const scrambled = await content();
  for (const name of tables)
    expect([name, scrambled.get(name)]).not.toEqual([name, before.get(name)]);
  await reset();
  expect(await content()).toEqual(before);
});

const ME = '{ me { account { enabled } } }';
const DISABLE = `mutation ($id: ID!) {
  disableUser(input: { id: $id, reason: "left" }) { user { id } }
}`;

async function idOf(name: string): Promise<string> {
  const [row] = await em().execute<{ id: string }[]>(
    'select user_id as id from identity where username = ?',
    [name],
  );
  return row?.id ?? '';
}

test('nor does the server remember it: who was disabled is let in again, by the token of before', async () => {
  const [uma, ada] = [await api.as('uma@example.com'), await api.as('ada@example.com')];
  expect((await uma.execute(ME)).status).toBe(200);
  const id = await idOf('uma');
  expect((await ada.execute(DISABLE, { id })).errors).toBeUndefined();
  expect((await uma.execute(ME)).status).toBe(401);
  await reset();
  expect((await uma.execute(ME)).data).toEqual({ me: { account: { enabled: true } } });
});

test('time after time, with its median in the log', async () => {
  const ada = await api.as('ada@example.com');
  const id = await idOf('uma');
  await reset();
  const took: number[] = [];
  for (let round = 0; round < 15; round++) {
    expect((await ada.execute(DISABLE, { id })).errors).toBeUndefined();
    const beganAt = performance.now();
    await reset();
    took.push(performance.now() - beganAt);
  }
  expect(await content()).toEqual(before);
  process.stdout.write(`A reset took ${median(took).toFixed(1)} ms (the median of 15).\n`);
});
