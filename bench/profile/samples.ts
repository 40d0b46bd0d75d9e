import { readFile } from 'node:fs/promises';
import { z } from 'zod';

/** What V8 writes under `--cpu-prof`; times in microseconds of the system's monotonic clock. */
const cpuProfile = z.object({
  startTime: z.number(),
  nodes: z.array(
    z.object({
      id: z.number(),
      callFrame: z.object({ functionName: z.string(), url: z.string(), lineNumber: z.number() }),
    }),
  ),
  samples: z.array(z.number()),
  timeDeltas: z.array(z.number()),
});

/** A function, and how long it ran itself, in microseconds. */
export interface Sampled {
  readonly functionName: string;
  /** Empty for what is of V8 itself, such as `(garbage collector)`. */
  readonly url: string;
  readonly line: number;
  readonly microseconds: number;
}

/** A stretch of the system's monotonic clock, in microseconds. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** What ran within a stretch. */
export async function sampledIn(file: string, { from, to }: Stretch): Promise<Sampled[]> {
  const { startTime, nodes, samples, timeDeltas } = cpuProfile.parse(
    JSON.parse(await readFile(file, 'utf8')),
  );
  const times = new Map<number, number>();
  let at = startTime;
  samples.forEach((node, index) => {
    const delta = timeDeltas[index + 1] ?? 0;
    at += timeDeltas[index] ?? 0;
    if (at >= from && at <= to) times.set(node, (times.get(node) ?? 0) + delta);
  });
  return nodes.flatMap(({ id, callFrame: { functionName, url, lineNumber } }) => {
    const microseconds = times.get(id);
    return microseconds === undefined
      ? []
      : [{ functionName, url, line: lineNumber + 1, microseconds }];
  });
}

/** Where the monotonic clock stands. */
export function now(): number {
  return Number(process.hrtime.bigint() / 1000n);
}
