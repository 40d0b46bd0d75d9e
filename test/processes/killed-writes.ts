import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Environment, type Processes, type RunningServer, until } from '../support/process.js';
import { poolClient } from './pool-client.js';

export const CREATE_GROUP = `mutation ($name: String!) {
  createGroup(input: { name: $name, reason: "a fault" }) { group { name } }
}`;
const GROUPS = '{ groups { name } }';

/** Milliseconds from the first write that is acknowledged to the kill, at most. */
const LONGEST_LIFE = 400;

export interface KilledWrites {
  /** Writes that were acknowledged, by all that were killed. */
  readonly acknowledged: ReadonlySet<string>;
  /** The server that came after the last kill. */
  readonly server: RunningServer;
  readonly token: string;
}

/**
 * Has a server write, kills it at a random moment, starts it again, so many times.
 * @throws Error where a write that was acknowledged is gone
 */
export async function killAgainAndAgain(
  processes: Processes,
  environment: Environment,
  times: number,
): Promise<KilledWrites> {
  const acknowledged = new Set<string>();
  let server = await processes.start(environment);
  const pool = await poolClient(server.poolEndpoint);
  const token = await pool.signIn('ada@example.com');
  pool.close();
  for (let kill = 0; kill < times; kill++) {
    await writeUntilKilled(server, token, acknowledged);
    server = await processes.start(environment);
    await expectAll(server, token, acknowledged);
  }
  return { acknowledged, server, token };
}

async function writeUntilKilled(server: RunningServer, token: string, acknowledged: Set<string>) {
  const before = acknowledged.size;
  let isKilled = false;
  const writer = async () => {
    while (!isKilled) {
      const name = `kept-${randomUUID()}`;
      const answer = await server.ask(CREATE_GROUP, token, { name }).catch(() => undefined);
      if (answer?.status === 200 && answer.errors === undefined) acknowledged.add(name);
      // Its connection is gone, and it is about to be killed or dead.
      else await sleep(10);
    }
  };
  const writers = [writer(), writer()];
  await until(() => acknowledged.size > before || undefined);
  await sleep(randomInt(LONGEST_LIFE));
  await server.end('SIGKILL');
  isKilled = true;
  await Promise.all(writers);
}

async function expectAll(server: RunningServer, token: string, names: ReadonlySet<string>) {
  const { data } = await server.ask(GROUPS, token);
  const found = new Set(data.groups.map(({ name }: { name: string }) => name));
  const lost = [...names].filter((name) => !found.has(name));
  if (lost.length > 0) throw new Error(`${lost.length} of ${names.size} writes were lost.`);
}
