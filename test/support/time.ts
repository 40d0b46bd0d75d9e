import { jest } from '@jest/globals';

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
 * were got before may be over, and rows get that moment as `createdAt`. `now()` in SQL is the database's own.
 */
export async function at<Result>(time: Date, action: () => Promise<Result>): Promise<Result> {
  jest.useFakeTimers({ now: time, doNotFake: [...REAL], advanceTimers: true });
  try {
    return await action();
  } finally {
    jest.useRealTimers();
  }
}
