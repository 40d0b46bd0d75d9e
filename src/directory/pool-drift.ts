import { setTimeout as sleep } from 'node:timers/promises';
import type { EntityManager } from '@mikro-orm/postgresql';
import { LRUCache } from 'lru-cache';
import type { App } from '../request/app.js';
import { perApp } from '../request/per-app.js';
import type { UserPool } from '../user-pool/index.js';
import { PoolSweep } from './pool-sweep.entity.js';

/** How far the mirror of one pool is from the pool, as the database knows. */
export interface MirrorCounts {
  /** Accounts that the mirror shows. */
  readonly mirrored: number;
  /** Accounts whose attributes were never read. */
  readonly missing: number;
  /** Accounts whose attributes were read longer ago than `PROFILE_MAX_AGE`. */
  readonly stale: number;
  /** Mirrored accounts whose groups were never read. */
  readonly groupsUnread: number;
  /** When the account was read that was not read for longest. */
  readonly oldestReadAt: Date | null;
}

export interface PoolDriftFigures extends MirrorCounts {
  readonly poolId: string;
  /** Undefined where no walk has begun yet. */
  readonly sweep: PoolSweep | undefined;
  /** Users by the pool's own estimate; null while it cannot be asked. */
  readonly estimated: number | null;
}

/** Milliseconds for which an estimate is remembered, and for which it is that there is none. */
const MEMORY = 60_000;
const FAILURE_MEMORY = 5_000;

/** Milliseconds that a request waits for estimates. */
const PATIENCE = 1_500;

const NOTHING: MirrorCounts = {
  mirrored: 0,
  missing: 0,
  stale: 0,
  groupsUnread: 0,
  oldestReadAt: null,
};

/** The figures of each configured pool: two statements, and a call to a pool at most once a minute. */
export async function poolDrift(app: App, em: EntityManager): Promise<PoolDriftFigures[]> {
  const pools = [...app.userPools.values()];
  const estimates = estimatesOf(app);
  const estimated = Promise.all(pools.map((pool) => estimates.of(pool)));
  const counts = await mirrorCounts(app, em);
  const sweeps = await em.find(PoolSweep, {});
  const sweepOf = new Map(sweeps.map((sweep) => [sweep.poolId, sweep]));
  const known = await estimated;
  return pools.map(({ id }, index) => ({
    poolId: id,
    ...(counts.get(id) ?? NOTHING),
    sweep: sweepOf.get(id),
    estimated: known[index] ?? null,
  }));
}

interface CountsRow extends Omit<MirrorCounts, 'oldestReadAt'> {
  readonly poolId: string;
  /** Milliseconds since the epoch: the two databases hand moments out differently. */
  readonly oldestReadAt: number | null;
}

async function mirrorCounts(
  { config }: App,
  em: EntityManager,
): Promise<ReadonlyMap<string, MirrorCounts>> {
  const rows = await em.execute<CountsRow[]>(
    `select i.pool_id as "poolId", count(p.id)::int as mirrored,
       count(*) filter (where p.id is null)::int as missing,
       count(*) filter (where p.attributes_read_at < ?::timestamptz)::int as stale,
       count(*) filter (where p.id is not null and p.groups_read_at is null)::int as "groupsUnread",
       extract(epoch from min(p.attributes_read_at))::float8 * 1000 as "oldestReadAt"
     from identity i left join pool_profile p on p.identity_id = i.id
     where i.deleted_at is null group by i.pool_id`,
    [new Date(Date.now() - config.profileMaxAge).toISOString()],
  );
  return new Map(
    rows.map(({ poolId, oldestReadAt, ...counts }) => [
      poolId,
      { ...counts, oldestReadAt: oldestReadAt === null ? null : new Date(oldestReadAt) },
    ]),
  );
}

/** Pools' estimates of how many users they have. */
const estimatesOf = perApp((app) => {
  const asked = new LRUCache<string, Promise<number | null>>({ max: 1_000 });
  const ask = async (pool: UserPool): Promise<number | null> => {
    try {
      return await pool.estimatedUsers();
    } catch (err) {
      app.log.warn({ err, poolId: pool.id }, 'the pool does not tell how many users it has');
      asked.set(pool.id, Promise.resolve(null), { ttl: FAILURE_MEMORY });
      return null;
    }
  };
  return {
    of(pool: UserPool): Promise<number | null> {
      const known = asked.get(pool.id) ?? ask(pool);
      if (!asked.has(pool.id)) asked.set(pool.id, known, { ttl: MEMORY });
      return Promise.race([known, sleep(PATIENCE, null, { ref: false })]);
    },
  };
});
