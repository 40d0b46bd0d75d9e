import type { MikroORM } from '@mikro-orm/postgresql';

/** The connections of this server's pool to the database. */
export interface ConnectionCounts {
  readonly inUse: number;
  readonly idle: number;
  /** Whoever waits for a connection. */
  readonly waiting: number;
}

/**
 * A look at the pool that asks the database nothing; undefined for the embedded database, which has one connection
 * and no pool.
 */
export async function connectionCounter(
  orm: MikroORM,
): Promise<(() => ConnectionCounts) | undefined> {
  const { Pool } = (await import('pg')).default;
  const client: unknown = await orm.em.getConnection().getNativeClient();
  if (!(client instanceof Pool)) return undefined;
  return () => {
    const { totalCount, idleCount: idle, waitingCount: waiting } = client;
    return { inUse: totalCount - idle, idle, waiting };
  };
}

/** Bytes that the database takes. */
export async function databaseSize(orm: MikroORM): Promise<number> {
  const [row] = await orm.em
    .fork()
    .execute<{ size: number }[]>(
      'select pg_database_size(current_database())::float8 as size',
      [],
      'all',
      { label: 'metrics' },
    );
  return row?.size ?? 0;
}
