import { median } from '../../test/support/median.js';
import type { Client, Load } from '../stage/client.js';
import { type Asking, type Measurement, measureLoad } from '../stage/load.js';
import type { Server } from '../stage/server.js';
import { requestsFor, warmUp } from '../stage/warm-up.js';

export interface Turns {
  readonly rounds: number;
  /** Seconds of CPU that a turn should take a server: longer on a busy machine, and as much work. */
  readonly seconds: number;
}

/** Who asks whom for what. */
export interface Contest {
  readonly client: Client;
  readonly servers: readonly Server[];
  readonly load: Load;
}

/**
 * Servers take turns, so that whatever else the machine does hits all alike.
 * @returns the median of each server's rounds, figure by figure, by its name.
 */
export async function takeTurns(
  { client, servers, load }: Contest,
  { rounds, seconds }: Turns,
): Promise<ReadonlyMap<string, Measurement>> {
  const turns: { asking: Asking; requests: number; measured: Measurement[] }[] = [];
  for (const server of servers) {
    const asking = { client, server, load };
    const cpu = await warmUp(asking);
    const requests = requestsFor(seconds, cpu, load);
    turns.push({ asking, requests, measured: [] });
  }
  for (let round = 0; round < rounds; round++)
    for (const { asking, requests, measured } of turns)
      measured.push(await measureLoad(asking, requests));
  return new Map(turns.map(({ asking: { server }, measured }) => [server.name, medians(measured)]));
}

function medians(of: readonly Measurement[]): Measurement {
  const medianOf = (figure: keyof Measurement) =>
    median(of.map((measurement) => measurement[figure]));
  return {
    perSecond: medianOf('perSecond'),
    p50: medianOf('p50'),
    p99: medianOf('p99'),
    cpu: medianOf('cpu'),
    busy: medianOf('busy'),
    memory: medianOf('memory'),
  };
}
