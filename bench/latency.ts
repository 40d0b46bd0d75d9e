import { createHistogram } from 'node:perf_hooks';

/** Milliseconds. */
export interface Latency {
  readonly median: number;
  readonly p95: number;
  readonly slowest: number;
}

/** How long a thing takes, one after the other, after a few that do not count. */
export async function latencyOf(run: () => Promise<unknown>, times: number): Promise<Latency> {
  for (let warmUp = 0; warmUp < 10; warmUp++) await run();
  const histogram = createHistogram();
  for (let time = 0; time < times; time++) {
    const began = performance.now();
    await run();
    histogram.record(Math.max(1, Math.round((performance.now() - began) * 1000)));
  }
  const at = (percentile: number) => histogram.percentile(percentile) / 1000;
  return { median: at(50), p95: at(95), slowest: histogram.max / 1000 };
}
