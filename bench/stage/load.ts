import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { cpuSecondsOf } from './cpu-time.js';
import { fromRoot } from './root.js';
import type { Server } from './server.js';

export interface Load {
  readonly body: string;
  readonly connections: number;
  readonly tokens: readonly string[];
}

/** When a load ends. */
export type Length = { readonly seconds: number } | { readonly requests: number };

const measured = z.object({
  answers: z.number(),
  faults: z.number(),
  seconds: z.number(),
  p50: z.number(),
  p99: z.number(),
});

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
}

/**
 * Asks a server by a process of its own, as fast as it answers.
 * @throws Error where an answer was no answer: a refusal is fast, and no result.
 */
export async function measureLoad(
  { url, pid, name }: Server,
  load: Load,
  length: Length,
): Promise<Measurement> {
  const before = await cpuSecondsOf(pid);
  const { answers, faults, seconds, p50, p99 } = await asked({ url, ...load, ...length });
  const used = (await cpuSecondsOf(pid)) - before;
  if (faults > 0 || answers === 0)
    throw new Error(`${name}: ${faults} of ${answers} answers were none. Asked: ${load.body}`);
  return {
    perSecond: answers / seconds,
    p50,
    p99,
    cpu: (used / answers) * 1e6,
    busy: used / seconds,
  };
}

async function asked(load: Load & Length & { readonly url: string }) {
  const client = spawn(process.execPath, [fromRoot('bench/load/main.ts')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  client.stdin.end(JSON.stringify(load));
  return measured.parse(JSON.parse(await text(client.stdout)));
}
