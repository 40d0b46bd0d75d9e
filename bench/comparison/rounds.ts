import { type Load, type Measurement, measureLoad } from '../stage/load.js';
import type { Server } from '../stage/server.js';

/** Seconds of CPU that a server gets before it is measured, for its code to be compiled. */
const WARM_UP = 2;
/** Requests that the warm-up begins with. */
const FIRST = 200;

export interface Turns {
  readonly rounds: number;
  /** Seconds of CPU that a turn should take a server: longer on a busy machine, and as much work. */
  readonly seconds: number;
}

/**
 * Servers take turns, so that whatever else the machine does hits all alike.
 * @returns the median of each server's rounds, figure by figure, by its name.
 */
export async function takeTurns(
  servers: readonly Server[],
  load: Load,
  { rounds, seconds }: Turns,
): Promise<ReadonlyMap<string, Measurement>> {
  const turns: { server: Server; requests: number; measured: Measurement[] }[] = [];
  for (const server of servers) {
    const cpu = await warmUp(server, load);
    const requests = Math.max(load.connections, Math.round((seconds * 1e6) / cpu));
    turns.push({ server, requests, measured: [] });
  }
  for (let round = 0; round < rounds; round++)
    for (const { server, requests, measured } of turns)
      measured.push(await measureLoad(server, load, { requests }));
  return new Map(turns.map(({ server: { name }, measured }) => [name, medians(measured)]));
}

/** @returns microseconds of CPU that an answer takes at the end of it. */
async function warmUp(server: Server, load: Load): Promise<number> {
  let used = 0;
  for (let requests = FIRST; ; requests *= 2) {
    const { cpu } = await measureLoad(server, load, { requests });
    used += (cpu * requests) / 1e6;
    if (used >= WARM_UP) return cpu;
  }
}

function medians(of: readonly Measurement[]): Measurement {
  const median = (figure: keyof Measurement) =>
    of.map((measurement) => measurement[figure]).sort((a, b) => a - b)[of.length >> 1] ??
    Number.NaN;
  return {
    perSecond: median('perSecond'),
    p50: median('p50'),
    p99: median('p99'),
    cpu: median('cpu'),
    busy: median('busy'),
  };
}
