import type { Load } from './client.js';
import { type Asking, measureLoad } from './load.js';

/** Seconds of CPU that a server gets before it is measured, for its code to be compiled. */
const WARM_UP = 10;
/** Requests that it takes at least: on a busy machine the seconds alone are no measure. */
const LEAST = 3_000;
/** Requests that the warm-up begins with. */
const FIRST = 50;

/**
 * Asks until the server has used some seconds of CPU.
 * @returns microseconds of CPU that an answer takes at the end of it.
 */
export async function warmUp(asking: Asking): Promise<number> {
  const { load } = asking;
  let requests = Math.max(FIRST, load.connections);
  let used = 0;
  let asked = 0;
  for (;;) {
    const { cpu } = await measureLoad(asking, requests);
    used += (cpu * requests) / 1e6;
    asked += requests;
    if (used >= WARM_UP && asked >= LEAST) return cpu;
    requests = requestsFor(Math.max(WARM_UP - used, WARM_UP / 10), cpu, load);
  }
}

/** How many requests take a server so many seconds of CPU, given the microseconds of one. */
export function requestsFor(seconds: number, cpu: number, { connections }: Load): number {
  return Math.max(connections, Math.round((seconds * 1e6) / cpu));
}
