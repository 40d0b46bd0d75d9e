import type { MikroORM } from '@mikro-orm/postgresql';
import type { DatabaseLocation } from './orm-options.js';
import { ensureSearchIndex } from './search-index.js';

/** Any number will do as long as nothing else in the database locks it. */
const MIGRATION_LOCK = 4_001_202_611;

export interface Migrated {
  /** The embedded database is small enough to do without. */
  readonly searchIndex: 'made' | 'impossible' | 'embedded';
}

/**
 * Applies the migrations that are due, all or none. Servers that start together on one PostgreSQL take
 * turns by an advisory lock of the transaction (PostgreSQL, "Explicit Locking", 13.3.5), so that each
 * migration is applied once; the embedded database has one process, and one connection, anyway.
 */
export async function migrate(orm: MikroORM, location: DatabaseLocation): Promise<Migrated> {
  if ('folder' in location) {
    await orm.migrator.up();
    return { searchIndex: 'embedded' };
  }
  return await orm.em.fork().transactional(async (em) => {
    // It may take long, and so may whoever has its turn first.
    await em.execute('set local statement_timeout = 0');
    await em.execute(`select pg_advisory_xact_lock(${MIGRATION_LOCK})`);
    await orm.migrator.up({ transaction: em.getTransactionContext() });
    return { searchIndex: (await ensureSearchIndex(em)) ? 'made' : 'impossible' } as const;
  });
}

/** Whether every migration of this version has been applied. */
export async function isMigrated(orm: MikroORM): Promise<boolean> {
  return (await orm.migrator.getPending()).length === 0;
}
