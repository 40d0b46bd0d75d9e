import { jest } from '@jest/globals';
import { groupCheckOf, mirrorOf } from '../../src/directory/index.js';
import type { App } from '../../src/request/app.js';

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
  jest.useFakeTimers({ now: time, doNotFake: [...REAL], advanceTimers: true });
  try {
    return await action();
  } finally {
    // What is due behind answers is still of that time.
    await forgetMoments(app);
    jest.useRealTimers();
    await forgetMoments(app);
  }
}

/** Calls to the pool that were given a moment of another time would wait for it. */
async function forgetMoments(app: App): Promise<void> {
  await groupCheckOf(app).settle();
  await mirrorOf(app).settle();
  const statement = { label: 'set-up' };
  await app.orm.em.fork().execute('delete from call_slot', [], 'run', statement);
}
