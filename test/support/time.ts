import { jest } from '@jest/globals';
import { groupCheckOf, mirrorOf } from '../../src/directory/index.js';
import type { App } from '../../src/request/app.js';
import { onPostgres } from './database.js';

/** Timers go on as ever: a server that waits has to come back. */
const REAL = [
  'cancelAnimationFrame',
  'cancelIdleCallback',
  'clearImmediate',
  'clearInterval',
  'clearTimeout',
  'hrtime',
  'nextTick',
  'performance',
  'queueMicrotask',
  'requestAnimationFrame',
  'requestIdleCallback',
  'setImmediate',
  'setInterval',
  'setTimeout',
] as const;

/**
 * Does something at another time, which goes on from there: for the server and its local pool, so that tokens that
 * were got before may be over, and rows get that moment as `createdAt`. `now()` in SQL is that of the database: an
 * embedded one moves along, a PostgreSQL does not.
 */
export async function at<Result>(
  app: App,
  time: Date,
  action: () => Promise<Result>,
): Promise<Result> {
  await forgetMoments(app);
  const ahead = time.getTime() - Date.now();
  await moveJobs(app, ahead);
  jest.useFakeTimers({ now: time, doNotFake: [...REAL], advanceTimers: true });
  try {
    return await action();
  } finally {
    // What is due behind answers is still of that time.
    await forgetMoments(app);
    jest.useRealTimers();
    await forgetMoments(app);
    await moveJobs(app, -ahead);
  }
}

/** No statement of what is counted. */
const SET_UP = { label: 'set-up' };

/**
 * An embedded database moves along, and would find jobs due that are not: a walk through the pool would believe from
 * then on that it has read it in the future.
 */
async function moveJobs({ orm }: App, milliseconds: number): Promise<void> {
  if (onPostgres) return;
  await orm.em.fork().execute(
    `update job set run_at = run_at + ?::float8 * interval '1 millisecond',
                    claimed_until = claimed_until + ?::float8 * interval '1 millisecond'`,
    [milliseconds, milliseconds],
    'run',
    SET_UP,
  );
}

/** Calls to the pool that were given a moment of another time would wait for it. */
async function forgetMoments(app: App): Promise<void> {
  await groupCheckOf(app).settle();
  await mirrorOf(app).settle();
  await app.orm.em.fork().execute('delete from call_slot', [], 'run', SET_UP);
}
