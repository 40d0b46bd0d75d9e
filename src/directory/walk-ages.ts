import type { MikroORM } from '@mikro-orm/postgresql';

interface WalkAge {
  readonly poolId: string;
  readonly seconds: number;
}

/** How long ago the last complete walk through each pool began: nothing of the mirror is older, but for what failed. */
export function walkAges(orm: MikroORM): Promise<WalkAge[]> {
  return orm.em.fork().execute<WalkAge[]>(
    `select pool_id as "poolId", extract(epoch from now() - completed_started_at)::float8 as seconds
     from pool_sweep where completed_started_at is not null order by pool_id`,
    [],
    'all',
    { label: 'metrics' },
  );
}
