import { setTimeout as sleep } from 'node:timers/promises';
import type { Server } from '../../src/app.js';
import { PoolSweep, SWEEP } from '../../src/directory/index.js';

/** Patience for a walk; a busy machine takes its time. */
const LONGEST_WALK = 45_000;

export async function sweepOf({ app }: Server, poolId: string): Promise<PoolSweep | null> {
  // Looked at again and again: no statement of what is counted.
  return app.orm.em.fork().findOne(PoolSweep, { poolId }, { logging: { label: 'jobs' } });
}

/** Asks for a walk through a pool. */
export async function askForSweep({ app }: Server, poolId: string): Promise<void> {
  await app.jobs.add([{ kind: SWEEP, key: poolId, payload: { poolId } }]);
}

/** Walks through a pool from the first user to the last, and answers with what was found. */
export async function sweepNow(server: Server, poolId: string): Promise<PoolSweep> {
  const before = await sweepOf(server, poolId);
  await askForSweep(server, poolId);
  return sweepAfter(server, poolId, before?.completedAt ?? null);
}

/** Waits for the walk that is complete after that moment. */
export async function sweepAfter(
  server: Server,
  poolId: string,
  before: Date | null,
): Promise<PoolSweep> {
  for (const end = Date.now() + LONGEST_WALK; Date.now() < end; await sleep(20)) {
    const sweep = await sweepOf(server, poolId);
    if (sweep?.completedAt && sweep.completedAt.getTime() > (before?.getTime() ?? 0)) return sweep;
  }
  throw new Error('The walk did not end.');
}
