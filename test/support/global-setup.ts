import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../src/database/open.js';
import type { DatabaseLocation } from '../../src/database/orm-options.js';
import { entities } from '../../src/features.js';
import { seedLocalPool, startLocalPool } from '../../src/local-pool/index.js';
import { createLog } from '../../src/log.js';
import { sqlOf } from '../../src/pools.js';
import { administer, databaseUrl, uniqueDatabaseName } from './postgres.js';
import { startPostgres } from './postgres-server.js';

declare global {
  /** What the teardown has to stop. */
  var stopPostgres: (() => Promise<void>) | undefined;
}

/**
 * Starts a PostgreSQL, unless `TEST_DATABASE_URL` names one, and prepares a migrated and seeded
 * database of each kind, of which every test file gets a copy.
 */
export default async function setUp(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'lifeguard-test-'));
  const url = process.env.TEST_DATABASE_URL ?? (await ownPostgres(folder));
  const template = uniqueDatabaseName();
  await administer(url, `create database ${template}`);
  await prepare({ url: databaseUrl(url, template) });
  process.env.TEST_DATABASE_URL = url;
  process.env.TEST_TEMPLATE = template;
  process.env.TEST_FOLDER = join(folder, 'database');
  await prepare({ folder: process.env.TEST_FOLDER });
}

/** Migrates and seeds. */
async function prepare(location: DatabaseLocation): Promise<void> {
  const { orm, close } = await openDatabase({ location, entities });
  const sql = sqlOf(orm);
  const pool = await startLocalPool({ sql, port: 0, log: createLog({ level: 'silent' }) });
  await seedLocalPool(sql, 4000);
  await pool.close();
  await close();
}

async function ownPostgres(folder: string): Promise<string> {
  const { url, stop } = await startPostgres(folder);
  globalThis.stopPostgres = stop;
  return url;
}
