import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Database, openDatabase } from '../../src/database/open.js';
import { SweepPhase } from '../../src/directory/index.js';
import {
  advance,
  beginWalk,
  completeWalk,
  WalkTakenOverError,
  walkUnderWay,
} from '../../src/directory/sweep-state.js';
import { entities } from '../../src/features.js';
import { type TestDatabase, testDatabase } from '../support/database.js';

let database: TestDatabase;
let opened: Database;
beforeAll(async () => {
  database = await testDatabase();
  opened = await openDatabase({ location: database.location, entities });
});
afterAll(async () => {
  await opened.close();
  await database.drop();
});

const em = () => opened.orm.em.fork();
const POOL = 'us-east-1_Walked000';

test('of two that walk on from one place the first wins, and the other one keeps nothing', async () => {
  await beginWalk(em(), POOL);
  const [mine, theirs] = await Promise.all([walkUnderWay(em(), POOL), walkUnderWay(em(), POOL)]);
  if (mine === undefined || theirs === undefined) throw new Error('No walk has begun.');
  await advance(em(), theirs, { atGroup: 'a', next: 'token' });
  const late = em().transactional(async (transaction) => {
    await transaction.execute("insert into swept_membership values (?, 'subject', 'late')", [POOL]);
    return advance(transaction, mine, { phase: SweepPhase.USERS });
  });
  await expect(late).rejects.toBeInstanceOf(WalkTakenOverError);
  await expect(completeWalk(em(), mine)).rejects.toBeInstanceOf(WalkTakenOverError);
  expect(await walkUnderWay(em(), POOL)).toMatchObject({
    phase: SweepPhase.GROUPS,
    atGroup: 'a',
    next: 'token',
  });
  expect(await em().execute('select * from swept_membership')).toEqual([]);
});

test('a walk that is over leaves what it found, and nothing to go on with', async () => {
  const walk = await walkUnderWay(em(), POOL);
  if (walk === undefined) throw new Error('No walk is under way.');
  const last = await advance(em(), walk, { phase: SweepPhase.VANISHED, users: 7, vanished: 2 });
  await completeWalk(em(), last);
  expect(await walkUnderWay(em(), POOL)).toBeUndefined();
  const [row] = await em().execute<object[]>(
    'select phase, next, users, completed_users, completed_vanished from pool_sweep where pool_id = ?',
    [POOL],
  );
  expect(row).toEqual({
    phase: null,
    next: null,
    users: 0,
    completed_users: 7,
    completed_vanished: 2,
  });
});
