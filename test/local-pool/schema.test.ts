import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createSchema, OutdatedPoolError } from '../../src/local-pool/schema.js';
import { startTestPool, type TestPool } from './test-pool.js';

let pool: TestPool;
beforeAll(async () => {
  pool = await startTestPool();
});
afterAll(() => pool.close());

/** Makes the schema; the statements that this takes. */
async function statements(): Promise<string[]> {
  const sent: string[] = [];
  const { sql } = pool;
  await createSchema({
    ...sql,
    query: (statement, parameters) => {
      sent.push(statement);
      return sql.query(statement, parameters);
    },
  });
  return sent;
}

test('what is there is not made again', async () => {
  expect(await statements()).toEqual([
    expect.stringMatching(/^select obj_description/),
    expect.stringMatching(/^select format/),
  ]);
});

test('what a version adds is made at its first start, and what is there stays', async () => {
  const kept = await pool.sql.query('select * from local_pool.installation');
  await pool.sql.query('drop table local_pool.browser_session');
  await pool.sql.query(`comment on schema local_pool is 'of another version'`);
  expect(await statements()).toHaveLength(3);
  expect(await pool.sql.query('select * from local_pool.browser_session')).toEqual([]);
  expect(await pool.sql.query('select * from local_pool.installation')).toEqual(kept);
  expect(await statements()).toHaveLength(2);
});

test('tables of an older version are left alone', async () => {
  await pool.sql.query('update local_pool.installation set format = format - 1');
  await expect(statements()).rejects.toThrow(OutdatedPoolError);
  await pool.sql.query('update local_pool.installation set format = format + 1');
});
