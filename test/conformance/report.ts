import type { Topic } from './check.js';
import { type Result, UNEXPECTED } from './run-checks.js';

/** One result: a line, and below a difference what was expected, what was got, and where AWS says so. */
export function reportOf({ topic, check, outcome }: Result): string {
  const title = `${topic}: ${check.name}`;
  if (outcome.kind === 'same') return `same       ${title}`;
  if (outcome.kind === 'skipped') return `skipped    ${title} (${outcome.reason})`;
  const { what, expected, got } = outcome.difference;
  return [
    `DIFFERENT  ${title}`,
    `           ${what}`,
    `           expected  ${expected}`,
    `           got       ${got}`,
    `           source    ${check.source.title}: ${check.source.url}`,
  ].join('\n');
}

/** How many checks came out how, by topic and in all. */
export function summaryOf(results: readonly Result[]): string {
  const topics = [...new Set(results.map(({ topic }) => topic))];
  const width = Math.max(0, ...topics.map((topic) => topic.length));
  return [
    ...topics.map(
      (topic) =>
        `${topic.padEnd(width)}  ${countsOf(results.filter((one) => one.topic === topic))}`,
    ),
    `${'in all'.padEnd(width)}  ${countsOf(results)}`,
    ...causesOf(results),
  ].join('\n');
}

const SEVERAL = 3;

/** Refusals that several checks met before they came to what they are about: one fault, most likely. */
function causesOf(results: readonly Result[]): string[] {
  const counts = new Map<string, number>();
  for (const { outcome } of results)
    if (outcome.kind === 'different' && outcome.difference.what === UNEXPECTED)
      counts.set(outcome.difference.got, (counts.get(outcome.difference.got) ?? 0) + 1);
  return [...counts]
    .filter(([, count]) => count >= SEVERAL)
    .sort(([, one], [, other]) => other - one)
    .map(([got, count]) => `${count} checks were kept from what they are about by  ${got}`);
}

function countsOf(results: readonly Result[]): string {
  const count = (kind: Result['outcome']['kind']) =>
    results.filter(({ outcome }) => outcome.kind === kind).length;
  return `${count('same')} the same, ${count('different')} different, ${count('skipped')} skipped`;
}

/** Every check with its source. */
export function listOf(topics: readonly Topic[]): string {
  const count = topics.reduce((sum, { checks }) => sum + checks.length, 0);
  return [
    ...topics.flatMap(({ name, checks }) => [
      `${name} (${checks.length})`,
      ...checks.map(({ name, source, needs }) => {
        const note = needs === undefined ? '' : ' [needs the mailbox]';
        return `  ${name}${note}\n    ${source.title}: ${source.url}`;
      }),
    ]),
    `${count} checks`,
  ].join('\n');
}
