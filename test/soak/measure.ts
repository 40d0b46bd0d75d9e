import { z } from 'zod';

/** What a process holds, by its own metrics. */
export interface Sample {
  /** Milliseconds, by `performance.now()`. */
  readonly at: number;
  readonly heapBytes: number;
  readonly residentBytes: number;
  readonly files: number;
}

const number = z.coerce.number().finite();

export async function sample(metricsUrl: string): Promise<Sample> {
  const text = await (await fetch(metricsUrl)).text();
  const value = (name: string) => number.parse(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
  return {
    at: performance.now(),
    heapBytes: value('nodejs_heap_size_used_bytes'),
    residentBytes: value('process_resident_memory_bytes'),
    files: value('process_open_fds'),
  };
}

/** What is left after garbage was collected: the least of some time. */
export function floorOf(samples: readonly Sample[]): Omit<Sample, 'at'> {
  const least = (of: (sample: Sample) => number) => Math.min(...samples.map(of));
  return {
    heapBytes: least(({ heapBytes }) => heapBytes),
    residentBytes: least(({ residentBytes }) => residentBytes),
    files: least(({ files }) => files),
  };
}
