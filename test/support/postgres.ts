import { randomBytes } from 'node:crypto';
import { MikroORM } from '@mikro-orm/postgresql';
import { ormOptions } from '../../src/database/orm-options.js';
import { entities } from '../../src/features.js';

/** Runs statements that belong to no database of the tests, such as CREATE DATABASE. */
export async function administer(url: string, ...statements: readonly string[]): Promise<void> {
  const orm = await MikroORM.init(await ormOptions({ location: { url }, entities }));
  try {
    for (const statement of statements) await orm.em.execute(statement);
  } finally {
    await orm.close(true);
  }
}

/** The same server, another database. */
export function databaseUrl(url: string, database: string): string {
  const other = new URL(url);
  other.pathname = `/${database}`;
  return other.href;
}

export function uniqueDatabaseName(): string {
  return `lifeguard_${randomBytes(6).toString('hex')}`;
}
