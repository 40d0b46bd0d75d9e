import type { Client, Load } from './client.js';
import { cpuSecondsOf, memoryOf } from './process-costs.js';
import type { Server } from './server.js';

/** What a server did under a load. */
export interface Measurement {
  readonly perSecond: number;
  /** Milliseconds, as the client saw them. */
  readonly p50: number;
  readonly p99: number;
  /** Microseconds of CPU that the server took for an answer. */
  readonly cpu: number;
  /** The share of the time in which the server had its core; well under 1: something else was the limit. */
  readonly busy: number;
  /** Megabytes of the server that are in memory after it. */
  readonly memory: number;
}

export interface Asking {
  readonly client: Client;
  readonly server: Server;
  readonly load: Load;
}

/**
 * Asks a server so many times, as fast as it answers.
 * @throws Error where an answer was no answer: a refusal is fast, and no result.
 */
export async function measureLoad(
  { client, server: { url, pid, name }, load }: Asking,
  requests: number,
): Promise<Measurement> {
  const before = await cpuSecondsOf(pid);
  const { answers, faults, seconds, p50, p99 } = await client.ask({ ...load, url, requests });
  const used = (await cpuSecondsOf(pid)) - before;
  if (faults > 0 || answers === 0)
    throw new Error(`${name}: ${faults} of ${answers} answers were none. Asked: ${load.body}`);
  return {
    perSecond: answers / seconds,
    p50,
    p99,
    cpu: (used / answers) * 1e6,
    busy: used / seconds,
    memory: await memoryOf(pid),
  };
}
