import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, jest, test } from '@jest/globals';
import { look, Processes, type RunningServer, until } from '../support/process.js';
import { CASES } from './command-cases.js';
import { act, actAll, expectDone, type Scene, scene, trails } from './command-scene.js';
import { type Gate, gateAt } from './gate.js';

jest.setTimeout(240_000);

const processes = new Processes();
afterEach(() => processes.clear());

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

test('killed while the pool is asked, which has not done it', async () => {
  const played = await scene(processes, CASES);
  await hang(
    played,
    CASES.map(({ operations: [first = ''] }) => first),
  );
  const asked = actAll(played);
  await until(async () => {
    const intents = (await trails(played, played.server)).size;
    return intents === CASES.length || undefined;
  });
  const next = await killed(played);
  await asked;
  await expectDone(played, next);
});

/** As if the 15 seconds were over, for which a dead process is waited for. */
const hurry = ({ database }: Scene) =>
  look(database, "update job set run_at = now() where kind = 'command'");

/** Has all commands come as far as the gate, and the server killed there. */
async function killedAt(gate: Gate, played: Scene, look?: () => Promise<void>) {
  const asked = actAll(played);
  await gate.untilReached(played.played.length);
  await look?.();
  await played.server.end('SIGKILL');
  await asked;
  await gate.open();
  await hurry(played);
  return processes.start(played.environment);
}

test('killed before the intent is kept: nothing was done, and nothing is', async () => {
  const played = await scene(processes, CASES);
  const gate = await gateAt(played.database, 'insert on audit_event', "new.outcome = 'INTENT'");
  const next = await killedAt(gate, played);
  expect((await trails(played, next)).size).toBe(0);
  await expectUndone(played);
  for (const one of played.played) expect((await act(played, next, one)).errors).toBeUndefined();
  await expectDone(played, next);
});

test('killed between two calls to the pool', async () => {
  const cases = CASES.filter(({ operations }) => operations.length > 1);
  const played = await scene(processes, cases);
  await hang(
    played,
    cases.map(({ operations: [, second = ''] }) => second),
  );
  const asked = actAll(played);
  await until(async () => (await trails(played, played.server)).size === cases.length || undefined);
  // The first of the calls is done by then, the second is not.
  await sleep(1_000);
  await expectUndone(played);
  await played.server.end('SIGKILL');
  await asked;
  await hurry(played);
  await expectDone(played, await processes.start(played.environment));
});

test('killed when the pool has done it and the database does not know', async () => {
  const played = await scene(processes, CASES);
  const gate = await gateAt(played.database, 'update on command', "new.state = 'AT_POOL'");
  const next = await killedAt(gate, played, async () => {
    const states = await look(played.database, 'select distinct state from command');
    expect(states).toEqual([{ state: 'INTENDED' }]);
  });
  await expectDone(played, next);
});

test('killed when the outcome is about to be kept, by which tokens have ended', async () => {
  const played = await scene(processes, CASES);
  const gate = await gateAt(played.database, 'insert on audit_event', "new.outcome = 'DONE'");
  const next = await killedAt(gate, played, async () => {
    const states = await look(played.database, 'select distinct state from command');
    expect(states).toEqual([{ state: 'AT_POOL' }]);
    const refused = await look<{ id: string }>(
      played.database,
      // Dan was disabled before.
      'select id from app_user where refused_before is not null and listed_enabled order by id',
    );
    const ended = played.played.filter(({ one }) => one.endsTokens).map(({ id }) => id);
    expect(refused.map(({ id }) => id)).toEqual(ended.sort());
  });
  await expectDone(played, next);
});

test('killed when the outcome is kept, and no more than that', async () => {
  const played = await scene(processes, CASES);
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
