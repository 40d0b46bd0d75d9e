import type { Topic } from './check.js';
import type { Result } from './run-checks.js';

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
  ].join('\n');
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
