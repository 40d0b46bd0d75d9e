import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTestPool, type TestPool } from '../local-pool/test-pool.js';
import { topics } from './checks/index.js';
import { PoolUnderTest } from './pool-under-test.js';
import { endpointTarget } from './target.js';

let testPool: TestPool;
let pool: PoolUnderTest;
beforeAll(async () => {
  testPool = await startTestPool();
  pool = new PoolUnderTest(await endpointTarget(testPool.localPool.endpoint));
});
afterAll(async () => {
  pool.target.cognito.destroy();
  await testPool.close();
});

describe.each([...topics])('the local pool is as AWS documents it: $name', ({ checks }) => {
  test.each([...checks])('$name', async ({ run }) => {
    await run(pool);
  });
});

test('the pools that were made are deleted again', async () => {
  await pool.dispose();
  expect(await testPool.sql.query('select id from local_pool.pool')).toEqual([]);
});
