import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@jest/globals';
import type { TestDatabase } from '../support/database.js';
import {
  type Environment,
  look,
  on,
  type Processes,
  type RunningServer,
  until,
} from '../support/process.js';
import type { CommandCase } from './command-cases.js';
import { type PoolClient, poolClient } from './pool-client.js';

/** Milliseconds from the restart in which everything says the same. */
const MINUTE = 60_000;

const ME = '{ me { id } }';

/** One of the cases, before its command. */
interface Played {
  readonly one: CommandCase;
  readonly id: string | undefined;
  readonly accessToken: string;
  readonly refreshToken: string;
}

export interface Scene {
  readonly database: TestDatabase;
  readonly environment: Environment;
  readonly server: RunningServer;
  readonly pool: PoolClient;
  readonly ada: string;
  readonly played: readonly Played[];
}

/** A server with everybody that the commands are about, signed in where their tokens are to end. */
export async function scene(processes: Processes, cases: readonly CommandCase[]): Promise<Scene> {
  const database = await processes.prepared();
  const environment = await on(database);
  const server = await processes.start(environment);
  const pool = await poolClient(server.poolEndpoint);
  const ada = await pool.signIn('ada@example.com');
  const played: Played[] = [];
  for (const one of cases) {
    const tokens = one.endsTokens
      ? await pool.signInWith(one.username ?? '', 'Lifeguard1!')
      : undefined;
    const { AccessToken: accessToken = '', RefreshToken: refreshToken = '' } = tokens ?? {};
    if (tokens !== undefined) expect((await server.ask(ME, accessToken)).status).toBe(200);
    const find =
      'query ($username: String!) { users(filter: { username: $username }) { nodes { id } } }';
    const id = await until(async () => {
      if (one.username === undefined) return 'nobody';
      const { data } = await server.ask(find, ada, { username: one.username });
      return data.users.nodes[0]?.id as string | undefined; // an ID
    });
    played.push({ one, id: one.username && id, accessToken, refreshToken });
  }
  return { database, environment, server, pool, ada, played };
}

export function act({ ada }: Scene, server: RunningServer, { one, id }: Played) {
  const { action, input, fields = 'actionId' } = one;
  const type = `${action[0]?.toUpperCase()}${action.slice(1)}Input`;
  const query = `mutation ($input: ${type}!) { ${action}(input: $input) { ${fields} } }`;
  const common = { reason: 'because', idempotencyKey: `only-one-${action}` };
  return server.ask(query, ada, { input: { ...common, ...input, ...(id && { id }) } });
}

export const actAll = (played: Scene) =>
  Promise.allSettled(played.played.map((one) => act(played, played.server, one)));

/** Outcomes of each action, the oldest first. */
export async function trails(
  { ada }: Scene,
  server: RunningServer,
): Promise<Map<string, string[]>> {
  const { data } = await server.ask(
    '{ auditLog(first: 100) { nodes { action outcome network } } }',
    ada,
  );
  const found = new Map<string, string[]>();
  for (const { action, outcome, network } of data.auditLog.nodes.reverse())
    found.set(action, [...(found.get(action) ?? []), network ? `${outcome} ${network}` : outcome]);
  return found;
}

const WHOLE = ['INTENT 127.0.0.0/24', 'DONE'];

async function settled(played: Scene, server: RunningServer): Promise<void> {
  const isSettled = async () => {
    const found = await trails(played, server);
    const isWhole = played.played.every(({ one }) => (found.get(one.action)?.length ?? 0) >= 2);
    if (!isWhole) await sleep(200);
    return isWhole || undefined;
  };
  await until(isSettled, MINUTE);
  // Whoever was invited is read at the pool behind the outcome.
  if (!played.played.some(({ one }) => one.action === 'inviteUser')) return;
  const KIM = '{ users(filter: { email: "kim@example.com" }) { nodes { id } } }';
  await until(async () => (await server.ask(KIM, played.ada)).data.users.nodes[0], MINUTE);
}

/** Pool, mirror, trail and tokens say the same, and a client's retry gets the one action's answer. */
export async function expectDone(scene: Scene, server: RunningServer): Promise<void> {
  await settled(scene, server);
  const seen: Record<string, object> = {};
  for (const played of scene.played) {
    const { one, accessToken, refreshToken } = played;
    const again = await act(scene, server, played);
    seen[one.action] = {
      again: again.errors ?? 'the answer',
      trail: (await trails(scene, server)).get(one.action),
      isAtPool: await one.isAtPool({ pool: scene.pool, refreshToken }),
      token: one.endsTokens && (await server.ask(ME, accessToken)).status,
    };
  }
  for (const { one } of scene.played)
    expect([one.action, seen[one.action]]).toEqual([
      one.action,
      { again: 'the answer', trail: WHOLE, isAtPool: true, token: one.endsTokens && 401 },
    ]);
  scene.pool.close();
  await server.end();
  for (const { one, id } of scene.played) {
    const kept = one.isKept.replaceAll('target', `'${id}'`);
    expect([one.action, await look(scene.database, `select ${kept} as kept`)]).toEqual([
      one.action,
      [{ kept: true }],
    ]);
  }
  const commands = await look<object>(scene.database, 'select distinct state, input from command');
  expect(commands).toEqual([{ state: 'DONE', input: null }]);
  const jobs = await look<object>(scene.database, "select id from job where kind = 'command'");
  expect(jobs).toEqual([]);
}
