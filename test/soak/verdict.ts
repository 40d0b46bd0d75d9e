import { Console } from 'node:console';
import { isGood, type Outcome } from '../processes/client-load.js';
import { floorOf, type Sample } from './measure.js';

/** Milliseconds after a fault that still belong to it, and from its end to the first good answer at most. */
export const RECOVERY = 5_000;

/** The share of good answers outside of faults. */
const GOOD = 0.999;

/** What may be left over: bytes, and files beyond those of the second third. */
const MORE_HEAP = 20_000_000;
const MORE_FILES = 15;

/** A fault, from its begin to its end by `performance.now()`. */
export interface Struck {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

const { table } = new Console(process.stdout);

/** Prints what was seen. Answers with what was not as it should be. */
export function verdict(
  outcomes: readonly Outcome[],
  struck: readonly Struck[],
  samples: readonly Sample[],
): string[] {
  const rows = struck.map(({ name, from, to }) => {
    const during = outcomes.filter(({ sentAt }) => sentAt >= from && sentAt < to + RECOVERY);
    const bad = during.filter((one) => !isGood(one));
    const first = Math.min(
      ...during.filter((one) => isGood(one) && one.sentAt >= to).map((one) => one.answeredAt),
    );
    return {
      fault: name,
      seconds: round((to - from) / 1000),
      requests: during.length,
      'not answered': bad.length,
      'not 503': bad.filter(({ status }) => status !== 503).length,
      'longest ms': Math.round(Math.max(...during.map((one) => one.answeredAt - one.sentAt))),
      'first good after ms': Math.round(first - to),
    };
  });
  process.stdout.write('\n');
  table(rows);

  const outside = outcomes.filter(
    ({ sentAt, answeredAt }) =>
      !struck.some(({ from, to }) => answeredAt >= from && sentAt < to + RECOVERY),
  );
  const good = outside.filter(isGood).length / outside.length;
  // In the first third the server, and what is connected to it, gets warm.
  const third = Math.ceil(samples.length / 3);
  const [early, late] = [floorOf(samples.slice(third, -third)), floorOf(samples.slice(-third))];
  table({
    'requests outside of faults': outside.length,
    'good of them': `${round(good * 100, 3)} %`,
    'heap, second third': megabytes(early.heapBytes),
    'heap, last third': megabytes(late.heapBytes),
    'resident, second third': megabytes(early.residentBytes),
    'resident, last third': megabytes(late.residentBytes),
    'files, second third': early.files,
    'files, last third': late.files,
  });

  const wrong: string[] = [];
  if (!(good >= GOOD)) wrong.push(`${round(good * 100, 3)} % were good outside of faults.`);
  if (late.heapBytes > early.heapBytes + MORE_HEAP) wrong.push('The heap grew.');
  if (late.files > early.files + MORE_FILES) wrong.push('More files are open.');
  for (const row of rows) {
    if (!(row['first good after ms'] <= RECOVERY))
      wrong.push(`No good answer after: ${row.fault}.`);
    if (row['not 503'] > 0) wrong.push(`An answer was neither good nor 503: ${row.fault}.`);
  }
  return wrong;
}

function round(value: number, digits = 1): number {
  return Number(value.toFixed(digits));
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}
