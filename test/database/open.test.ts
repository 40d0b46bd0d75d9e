import { inspect } from 'node:util';
import { afterEach, expect, test } from '@jest/globals';
import { isMigrated } from '../../src/database/migrate.js';
import { type Database, openDatabase } from '../../src/database/open.js';
import { serverKey } from '../../src/database/server-key.js';
import { User } from '../../src/directory/index.js';
import { entities } from '../../src/features.js';
import { emptyDatabase, onPostgres, type TestDatabase } from '../support/database.js';

const toDo: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const action of toDo.splice(0).reverse()) await action();
});

async function empty(): Promise<TestDatabase> {
  const database = await emptyDatabase();
  toDo.push(database.drop);
  return database;
}

async function open({ location }: TestDatabase): Promise<Database> {
  const database = await openDatabase({ location, entities });
  toDo.push(database.close);
  return database;
}

test('servers that start at once on an empty database all come up, each migration applied once', async () => {
  const database = await empty();
  const servers = await Promise.all(
    Array.from({ length: onPostgres ? 3 : 1 }, () => open(database)),
  );
  for (const { orm } of servers) {
    expect(await isMigrated(orm)).toBe(true);
    const applied = await orm.em
      .fork()
      .execute<{ name: string }[]>('select name from mikro_orm_migrations');
    expect(new Set(applied.map(({ name }) => name)).size).toBe(applied.length);
    expect(applied.length).toBeGreaterThan(0);
  }
});

test('the entities say nothing that the migrations do not', async () => {
  const { orm } = await open(await empty());
  const difference = await orm.schema.getUpdateSchemaSQL();
  // Made where the database offers pg_trgm, which no migration can know.
  const [, unknown] = difference.split('drop index "app_user_search_index";\n');
  expect(unknown ?? difference).toBe('');
});

test('servers of one database share its keys', async () => {
  const database = await empty();
  const first = await open(database);
  const second = onPostgres ? await open(database) : first;
  const keys = await Promise.all([
    serverKey(first.orm, 'cursor'),
    serverKey(second.orm, 'cursor'),
    serverKey(first.orm, 'another'),
  ]);
  expect(keys[0]).toHaveLength(32);
  expect(keys[1].equals(keys[0])).toBe(true);
  expect(keys[2].equals(keys[0])).toBe(false);
});

test('an entity has a UUID of version 7 and reads as its type and id, wherever it is shown', async () => {
  const { orm } = await open(await empty());
  const em = orm.em.fork();
  const user = em.create(User, {});
  await em.flush();
  expect(user.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  const readable = `<User ${user.id}>`;
  expect([`${user}`, inspect(user), JSON.stringify({ user })]).toEqual([
    readable,
    readable,
    JSON.stringify({ user: readable }),
  ]);
  const found = await orm.em.fork().findOneOrFail(User, { id: user.id });
  expect(`${found}`).toBe(readable);
  expect(found.createdAt).toEqual(user.createdAt);
});
