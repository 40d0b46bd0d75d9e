import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { MikroORM } from '@mikro-orm/postgresql';
import { databaseCallSlots } from '../../src/database/call-slots.js';
import { ormOptions } from '../../src/database/orm-options.js';
import { entities } from '../../src/features.js';
import { type TestDatabase, testDatabase } from '../support/database.js';

let database: TestDatabase;
let orm: MikroORM;
beforeAll(async () => {
  database = await testDatabase();
  orm = await MikroORM.init(await ormOptions({ location: database.location, entities }));
});
afterAll(async () => {
  await orm.close(true);
  await database.drop();
});

test('nobody gets the slot of another: each take begins where the one before ended', async () => {
  const ledgers = [databaseCallSlots(orm), databaseCallSlots(orm)];
  const started = performance.now();
  await Promise.all(
    Array.from({ length: 20 }, (_, index) => ledgers[index % 2]?.take('us-east-1 UserRead', 3, 10)),
  );
  const { wait, interval } = await databaseCallSlots(orm).take('us-east-1 UserRead', 1, 10);
  // 60 slots, a tenth of a second each, are given away.
  expect(wait).toBeLessThanOrEqual(6_000);
  expect(wait).toBeGreaterThanOrEqual(6_000 - (performance.now() - started));
  expect(interval).toBe(100);
});

test('a row of slots that nobody took for a while begins now', async () => {
  const slots = databaseCallSlots(orm);
  await slots.take('eu-west-1 UserList', 1, 1000);
  expect((await slots.take('eu-west-1 UserList', 1, 1)).wait).toBeLessThan(5);
});

test('a pause holds for everyone, and does not shorten another', async () => {
  const slots = databaseCallSlots(orm);
  await slots.take('eu-west-1 UserRead', 1, 1000);
  await slots.pause('eu-west-1 UserRead', 5_000);
  await slots.pause('eu-west-1 UserRead', 10);
  const { wait } = await databaseCallSlots(orm).take('eu-west-1 UserRead', 1, 100);
  expect(wait).toBeGreaterThan(4_000);
  expect(wait).toBeLessThan(5_100);
});
