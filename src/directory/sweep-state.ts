import type { EntityManager } from '@mikro-orm/postgresql';
import { v7 } from 'uuid';
import { JOB_STATEMENT } from '../jobs/index.js';
import { PoolSweep, SweepPhase } from './pool-sweep.entity.js';
import { SweptMembership } from './swept-membership.entity.js';

/** Where a walk is. Whoever reads it can go on with the walk. */
export interface Walk {
  readonly poolId: string;
  readonly position: number;
  readonly startedAt: Date;
  readonly phase: SweepPhase;
  readonly groupsReadAt: Date;
  readonly atGroup: string | null;
  readonly next: string | null;
  readonly users: number;
  readonly pages: number;
  readonly vanished: number;
}

/** Another server has walked on meanwhile: what this one has read is dropped. */
export class WalkTakenOverError extends Error {
  override readonly name = 'WalkTakenOverError';

  constructor() {
    super('Another server goes on with the walk through the pool.');
  }
}

const BEGINNING = { atGroup: null, next: null, users: 0, pages: 0 };

/** The walk that is under way, if one is. */
export async function walkUnderWay(em: EntityManager, poolId: string): Promise<Walk | undefined> {
  const sweep = await em.findOne(PoolSweep, { poolId }, { logging: JOB_STATEMENT });
  if (sweep === null) return undefined;
  const { phase, startedAt, groupsReadAt, position } = sweep;
  if (phase === null || startedAt === null || groupsReadAt === null) return undefined;
  const { atGroup, next, users, pages, vanished } = sweep;
  return {
    poolId,
    position,
    startedAt,
    phase,
    groupsReadAt,
    atGroup,
    next,
    users,
    pages,
    vanished,
  };
}

/** Begins a walk. @throws WalkTakenOverError where another server does so at the same time. */
export async function beginWalk(em: EntityManager, poolId: string): Promise<Walk> {
  await em.execute(
    `insert into pool_sweep (id, created_at, updated_at, pool_id) values (?, now(), now(), ?)
     on conflict (pool_id) do nothing`,
    [v7(), poolId],
  );
  const { position } = await em.fork().findOneOrFail(PoolSweep, { poolId });
  const walk = { poolId, position, vanished: 0, startedAt: new Date(), ...fromGroups() };
  return em.transactional((transaction) => write(transaction, walk, walk));
}

/** Keeps how far the walk is by now. To be part of the transaction that keeps what was read. */
export async function advance(
  em: EntityManager,
  walk: Walk,
  changes: Partial<Omit<Walk, 'poolId' | 'position'>>,
): Promise<Walk> {
  return write(em, walk, { ...walk, ...changes });
}

/** Begins the phase anew, whose list the pool does not continue. */
export async function restartPhase(em: EntityManager, walk: Walk): Promise<Walk> {
  if (walk.phase === SweepPhase.USERS) return advance(em, walk, BEGINNING);
  return em.transactional(async (transaction) => {
    await transaction.nativeDelete(SweptMembership, { poolId: walk.poolId });
    return advance(transaction, walk, fromGroups());
  });
}

/** Keeps what the walk has found, and that it is over. */
export async function completeWalk(em: EntityManager, walk: Walk): Promise<void> {
  const { poolId, position, startedAt, users, vanished } = walk;
  await em.transactional(async (transaction) => {
    const completed = await transaction.nativeUpdate(
      PoolSweep,
      { poolId, position },
      {
        position: position + 1,
        phase: null,
        startedAt: null,
        groupsReadAt: null,
        ...BEGINNING,
        vanished: 0,
        completedAt: new Date(),
        completedStartedAt: startedAt,
        completedUsers: users,
        completedVanished: vanished,
      },
    );
    if (completed === 0) throw new WalkTakenOverError();
    await transaction.nativeDelete(SweptMembership, { poolId });
  });
}

function fromGroups() {
  return { ...BEGINNING, phase: SweepPhase.GROUPS, groupsReadAt: new Date() };
}

async function write(em: EntityManager, { poolId, position }: Walk, changes: Walk): Promise<Walk> {
  const walk = { ...changes, position: position + 1 };
  const written = await em.nativeUpdate(PoolSweep, { poolId, position }, walk);
  if (written === 0) throw new WalkTakenOverError();
  return walk;
}
