import type { Check, Topic } from './check.js';
import { Difference, nameOf, textOf } from './difference.js';
import type { PoolUnderTest } from './pool-under-test.js';

/** What came of one check. */
export type Outcome =
  | { readonly kind: 'same' }
  | { readonly kind: 'skipped'; readonly reason: string }
  | { readonly kind: 'different'; readonly difference: Difference };

export interface Result {
  readonly topic: string;
  readonly check: Check;
  readonly outcome: Outcome;
}

/** What a difference is about where a call was refused whose answer the check goes on with. */
export const UNEXPECTED = 'A call that AWS answers';

/** Longer than any check takes on AWS, shorter than anybody waits for one that hangs. */
const TIME_LIMIT = 60_000;

/** Runs checks one after the other and tells of each as it ends. */
export async function* runChecks(
  topics: readonly Topic[],
  pool: PoolUnderTest,
): AsyncGenerator<Result> {
  for (const { name, checks } of topics)
    for (const check of checks) yield { topic: name, check, outcome: await runCheck(check, pool) };
}

/** Runs one check. An error that it does not expect is a difference as well. */
export async function runCheck(check: Check, pool: PoolUnderTest): Promise<Outcome> {
  if (check.needs === 'mailbox' && pool.target.lastMessage === undefined)
    return { kind: 'skipped', reason: 'nobody can read the codes that are sent' };
  const late = new AbortController();
  try {
    await Promise.race([check.run(pool), deadline(late.signal)]);
    return { kind: 'same' };
  } catch (error) {
    if (error instanceof Difference) return { kind: 'different', difference: error };
    const difference = new Difference(
      UNEXPECTED,
      'an answer',
      `${nameOf(error)}: ${textOf(error)}`,
    );
    return { kind: 'different', difference };
  } finally {
    late.abort();
  }
}

function deadline(over: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const late = new Difference('The check', 'an end', `none within ${TIME_LIMIT / 1000} seconds`);
    const timer = setTimeout(() => reject(late), TIME_LIMIT);
    over.addEventListener('abort', () => clearTimeout(timer));
  });
}
