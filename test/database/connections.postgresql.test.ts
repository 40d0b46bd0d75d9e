import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, expect, test } from '@jest/globals';
import { Connections } from '../../src/database/connections.js';
import { openDatabase } from '../../src/database/open.js';
import { entities } from '../../src/features.js';
import { type TestDatabase, testDatabase } from '../support/database.js';

let database: TestDatabase;
afterEach(() => database.drop());

test('a database is closed though somebody still waits for a connection', async () => {
  database = await testDatabase();
  const { location } = database;
  const connections = new Connections();
  const { orm, close } = await openDatabase({ location, entities, connections });
  // More than there are connections.
  const outcomes = Promise.allSettled(
    Array.from({ length: 5 }, () => orm.em.fork().execute('select 1')),
  );
  // They are being made.
  await nextTurn();
  await close();
  const failures = (await outcomes).filter(({ status }) => status === 'rejected');
  expect(failures.length).toBeGreaterThan(0);
});
