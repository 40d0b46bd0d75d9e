import { readdir } from 'node:fs/promises';
import { type MikroORM, TableNotFoundException } from '@mikro-orm/postgresql';
import { type DatabaseLocation, MIGRATIONS } from './orm-options.js';
import { ensureSearchIndex, hasSearchIndex } from './search-index.js';

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
  const isCurrent = await isMigrated(orm);
  if ('folder' in location) {
    if (!isCurrent) await orm.migrator.up();
    return { searchIndex: 'embedded' };
  }
  if (isCurrent && (await hasSearchIndex(orm.em.fork()))) return { searchIndex: 'made' };
  return await orm.em.fork().transactional(async (em) => {
    // It may take long, and so may whoever has its turn first.
    await em.execute('set local statement_timeout = 0');
    await em.execute(`select pg_advisory_xact_lock(${MIGRATION_LOCK})`);
    await orm.migrator.up({ transaction: em.getTransactionContext() });
    return { searchIndex: (await ensureSearchIndex(em)) ? 'made' : 'impossible' } as const;
  });
}

/** Whether every migration of this version has been applied: one statement, which most starts need no more than. */
export async function isMigrated(orm: MikroORM): Promise<boolean> {
  const [files, applied] = await Promise.all([readdir(MIGRATIONS), appliedTo(orm)]);
  return files.every((file) => {
    const [, name] = MIGRATION_FILE.exec(file) ?? [];
    return name === undefined || applied.has(name);
  });
}

const MIGRATION_FILE = /^(Migration\d+)\.[jt]s$/;

async function appliedTo(orm: MikroORM): Promise<ReadonlySet<string>> {
  try {
    const rows = await orm.em
      .fork()
      .execute<{ name: string }[]>('select name from mikro_orm_migrations');
    return new Set(rows.map(({ name }) => name));
  } catch (error) {
    if (error instanceof TableNotFoundException) return new Set();
    throw error;
  }
}
