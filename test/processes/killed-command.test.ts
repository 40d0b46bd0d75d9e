import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { onPostgres, type TestDatabase } from '../support/database.js';
import {
  type Environment,
  look,
  on,
  Processes,
  type RunningServer,
  until,
} from '../support/process.js';
import { CASES, type CommandCase } from './command-cases.js';
import { type Gate, gateAt } from './gate.js';
import { type PoolClient, poolClient } from './pool-client.js';

jest.setTimeout(240_000);

const processes = new Processes();
afterEach(() => processes.clear());

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

interface Scene {
  readonly database: TestDatabase;
  readonly environment: Environment;
  readonly server: RunningServer;
  readonly pool: PoolClient;
  readonly ada: string;
  readonly played: readonly Played[];
}

/** A server with everybody that the commands are about, signed in where their tokens are to end. */
async function scene(cases: readonly CommandCase[]): Promise<Scene> {
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

function act({ ada }: Scene, server: RunningServer, { one, id }: Played) {
  const { action, input, fields = 'actionId' } = one;
  const type = `${action[0]?.toUpperCase()}${action.slice(1)}Input`;
  const query = `mutation ($input: ${type}!) { ${action}(input: $input) { ${fields} } }`;
  const common = { reason: 'because', idempotencyKey: `only-one-${action}` };
  return server.ask(query, ada, { input: { ...common, ...input, ...(id && { id }) } });
}

const actAll = (played: Scene) =>
  Promise.allSettled(played.played.map((one) => act(played, played.server, one)));

/** Outcomes of each action, the oldest first. */
async function trails({ ada }: Scene, server: RunningServer): Promise<Map<string, string[]>> {
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
async function expectDone(scene: Scene, server: RunningServer): Promise<void> {
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

/** The pool hears of these operations and does not do them. */
const hang = ({ server }: Scene, operations: readonly string[]) =>
  fetch(`${server.poolEndpoint}/local-pool/faults`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ operations: operations.map((match) => ({ match, fault: 'hang' })) }),
  });

async function killed({ server, environment }: Scene): Promise<RunningServer> {
  await server.end('SIGKILL');
  return processes.start(environment);
}

async function expectUndone({ played, pool }: Scene): Promise<void> {
  for (const { one, refreshToken } of played)
    expect([one.action, await one.isAtPool({ pool, refreshToken })]).toEqual([one.action, false]);
}

/** One command at a time is under way in PGlite's one connection: two of them do there. */
const CASES_HERE = onPostgres
  ? CASES
  : CASES.filter(({ action }) => ['disableUser', 'signOutUser'].includes(action));

test('killed while the pool is asked, which has not done it', async () => {
  const played = await scene(CASES_HERE);
  await hang(
    played,
    CASES_HERE.map(({ operations: [first = ''] }) => first),
  );
  const asked = actAll(played);
  await until(async () => {
    const intents = (await trails(played, played.server)).size;
    return intents === CASES_HERE.length || undefined;
  });
  const next = await killed(played);
  await asked;
  await expectDone(played, next);
});

if (onPostgres) onAServer();
else
  describe('killed in a transaction', () => {
    test('is shown on PostgreSQL, whose transactions another connection can hold up', () => {
      expect(onPostgres).toBe(false);
    });
  });

function onAServer(): void {
  /** Has all commands come as far as the gate, and the server killed there. */
  async function killedAt(gate: Gate, played: Scene, look?: () => Promise<void>) {
    const asked = actAll(played);
    await gate.untilReached(played.played.length);
    await look?.();
    await played.server.end('SIGKILL');
    await asked;
    await gate.open();
    return processes.start(played.environment);
  }

  /** As if the 15 seconds were over, for which a dead process is waited for. */
  const hurry = ({ database }: Scene) =>
    look(database, "update job set run_at = now() where kind = 'command'");

  test('killed before the intent is kept: nothing was done, and nothing is', async () => {
    const played = await scene(CASES);
    const gate = await gateAt(played.database, 'insert on audit_event', "new.outcome = 'INTENT'");
    const next = await killedAt(gate, played);
    expect((await trails(played, next)).size).toBe(0);
    await expectUndone(played);
    for (const one of played.played) expect((await act(played, next, one)).errors).toBeUndefined();
    await expectDone(played, next);
  });

  test('killed between two calls to the pool', async () => {
    const cases = CASES.filter(({ operations }) => operations.length > 1);
    const played = await scene(cases);
    await hang(
      played,
      cases.map(({ operations: [, second = ''] }) => second),
    );
    const asked = actAll(played);
    await until(
      async () => (await trails(played, played.server)).size === cases.length || undefined,
    );
    // The first of the calls is done by then, the second is not.
    await sleep(1_000);
    await expectUndone(played);
    await played.server.end('SIGKILL');
    await asked;
    await hurry(played);
    await expectDone(played, await processes.start(played.environment));
  });

  test('killed when the pool has done it and the database does not know', async () => {
    const played = await scene(CASES);
    const gate = await gateAt(played.database, 'update on command', "new.state = 'AT_POOL'");
    const next = await killedAt(gate, played, async () => {
      const states = await look(played.database, 'select distinct state from command');
      expect(states).toEqual([{ state: 'INTENDED' }]);
      await hurry(played);
    });
    await expectDone(played, next);
  });

  test('killed when the outcome is about to be kept, by which tokens have ended', async () => {
    const played = await scene(CASES);
    const gate = await gateAt(played.database, 'insert on audit_event', "new.outcome = 'DONE'");
    const next = await killedAt(gate, played, async () => {
      const states = await look(played.database, 'select distinct state from command');
      expect(states).toEqual([{ state: 'AT_POOL' }]);
      for (const { one, accessToken } of played.played)
        if (one.endsTokens) expect((await played.server.ask(ME, accessToken)).status).toBe(401);
      await hurry(played);
    });
    await expectDone(played, next);
  });

  test('killed when the outcome is kept, and no more than that', async () => {
    const played = await scene(CASES);
    const asked = actAll(played);
    await until(async () => {
      const [row] = await look<{ count: number }>(
        played.database,
        "select count(*)::int as count from command where state = 'DONE'",
      );
      return row?.count === CASES.length || undefined;
    });
    const next = await killed(played);
    await asked;
    await expectDone(played, next);
  });
}
