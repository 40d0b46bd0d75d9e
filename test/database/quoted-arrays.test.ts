import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Database, openDatabase } from '../../src/database/open.js';
import { entities } from '../../src/features.js';
import { emptyDatabase, type TestDatabase } from '../support/database.js';

let empty: TestDatabase;
let database: Database;

beforeAll(async () => {
  empty = await emptyDatabase();
  database = await openDatabase({ location: empty.location, entities });
});
afterAll(async () => {
  await database?.close();
  await empty?.drop();
});

async function read(values: readonly unknown[]): Promise<unknown> {
  const { em } = database.orm;
  const array = em.getPlatform().marshallArray([...values] as string[]);
  const [row] = await em
    .fork()
    .execute<{ read: string }[]>('select to_json(?::text[])::text as read', [array]);
  return JSON.parse(row?.read ?? '');
}

test('an array is read as it was written, whatever its texts are', async () => {
  const odd = fc.constantFrom(
    'null',
    'NULL',
    '',
    ' a ',
    'a\n,b',
    '\t',
    '"',
    '\\',
    '\\n',
    '{}',
    "'",
    '王',
  );
  const texts = fc.array(
    fc.oneof(
      odd,
      fc.string().filter((text) => !text.includes('\0')),
    ),
    { maxLength: 5 },
  );
  await fc.assert(
    fc.asyncProperty(texts, async (values) => {
      expect(await read(values)).toEqual(values);
    }),
    { numRuns: 100 },
  );
});

test('no value is no text, and a number one', async () => {
  expect(await read([null, 'null', 7])).toEqual([null, 'null', '7']);
});
