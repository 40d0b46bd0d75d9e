import type { Start } from './start.js';
export interface StartResult {
  /** What it starts on. */
  readonly on: string;
  readonly median: Start;
  readonly slowest: Start;
}

/** A table in Markdown. */
export function startReport(results: readonly StartResult[]): string {
  const rows = results.map(({ on, median, slowest }) => {
    const figures = [median.firstAnswer, slowest.firstAnswer, median.cpu, median.memory];
    return `| ${[on, ...figures.map((figure) => figure.toFixed(0))].join(' | ')} |`;
  });
  return [
    '| starts on | ms to the first answer: median | slowest | ms of CPU until then | MB |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}
