import { isGood, type Outcome } from '../processes/client-load.js';
import { floorOf, type Sample } from './measure.js';

/** Milliseconds after a fault that still belong to it, and from its end to the first good answer at most. */
export const RECOVERY = 5_000;

/** The share of good answers outside of faults. */
const GOOD = 0.999;

/** What may be left over: bytes, and files beyond those of the second third. */
const MORE_HEAP = 20_000_000;
const MORE_RESIDENT = 50_000_000;
const MORE_FILES = 15;

/** A fault, from its begin to its end by `performance.now()`. */
export interface Struck {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

export interface Verdict {
  /** A row for each fault. */
  readonly faults: readonly Readonly<Record<string, string | number>>[];
  readonly overall: Readonly<Record<string, string | number>>;
  /** What was not as it should be. */
  readonly wrong: readonly string[];
}

export function verdict(
  outcomes: readonly Outcome[],
  struck: readonly Struck[],
  samples: readonly Sample[],
): Verdict {
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
      'longest ms': Math.round(Math.max(...during.map((one) => one.answeredAt - one.sentAt))),
      'first good after ms': Math.round(first - to),
    };
  });
  const outside = outcomes.filter(
    ({ sentAt, answeredAt }) =>
      !struck.some(({ from, to }) => answeredAt >= from && sentAt < to + RECOVERY),
  );
  const good = outside.filter(isGood).length / outside.length;
  // In the first third the server, and what is connected to it, gets warm.
  const third = Math.ceil(samples.length / 3);
  const [early, late] = [floorOf(samples.slice(third, -third)), floorOf(samples.slice(-third))];
  const others = outcomes.filter((one) => !isGood(one) && one.status !== 503);
  const overall = {
    'requests outside of faults': outside.length,
    'good of them': `${round(good * 100, 3)} %`,
    'heap, second third': megabytes(early.heapBytes),
    'heap, last third': megabytes(late.heapBytes),
    'resident, second third': megabytes(early.residentBytes),
    'resident, last third': megabytes(late.residentBytes),
    'files, second third': early.files,
    'files, last third': late.files,
    'neither good nor 503': others.length,
  };

  const wrong: string[] = [];
  if (!(good >= GOOD)) wrong.push(`${round(good * 100, 3)} % were good outside of faults.`);
  if (others.length > 0) wrong.push(`Answers were neither good nor 503: ${describe(others)}.`);
  if (late.heapBytes > early.heapBytes + MORE_HEAP) wrong.push('The heap grew.');
  if (late.residentBytes > early.residentBytes + MORE_RESIDENT) wrong.push('The process grew.');
  if (late.files > early.files + MORE_FILES) wrong.push('More files are open.');
  for (const row of rows) {
    if (!(row['first good after ms'] <= RECOVERY))
      wrong.push(`No good answer after: ${row.fault}.`);
  }
  return { faults: rows, overall, wrong };
}

function describe(outcomes: readonly Outcome[]): string {
  return [...new Set(outcomes.map(({ status, text }) => `${status} ${text}`))]
    .slice(0, 3)
    .join('; ');
}

function round(value: number, digits = 1): number {
  return Number(value.toFixed(digits));
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}
