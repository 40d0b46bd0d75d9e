import { setTimeout as sleep } from 'node:timers/promises';

/**
 * What a promise resolves to, or an error where that takes too long; the wait alone keeps no process.
 * @param late makes the error
 */
export async function inTime<Answer>(
  answer: Promise<Answer>,
  milliseconds: number,
  late: () => Error,
): Promise<Answer> {
  const settled = new AbortController();
  const { signal } = settled;
  const tooLate = sleep(milliseconds, undefined, { signal, ref: false }).then(() => {
    throw late();
  });
  return Promise.race([answer, tooLate]).finally(() => settled.abort());
}
