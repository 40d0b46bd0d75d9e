import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PgliteConnection } from '@mikro-orm/pglite';
import { MikroORM } from '@mikro-orm/postgresql';
import { migrate } from '../../src/database/migrate.js';
import { openDatabase } from '../../src/database/open.js';
import { type DatabaseLocation, ormOptions } from '../../src/database/orm-options.js';
import { entities } from '../../src/features.js';
import { seedLocalPool, startLocalPool } from '../../src/local-pool/index.js';
import { createLog } from '../../src/log.js';
import { sqlOf } from '../../src/pools.js';
import { snapshotIn } from './database.js';
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
  const location = { url: databaseUrl(url, template) };
  const orm = await MikroORM.init(await ormOptions({ location, entities }));
  await migrateAndSeed(orm, location);
  await orm.close(true);
  process.env.TEST_DATABASE_URL = url;
  process.env.TEST_TEMPLATE = template;
  await prepareEmbedded(folder);
}

/** Dumps of one that is empty, and of the same one seeded, and a folder with the latter's content. */
async function prepareEmbedded(folder: string): Promise<void> {
  const location = { folder: 'memory://' };
  const orm = await MikroORM.init(await ormOptions({ location, entities }));
  process.env.TEST_EMPTY = await dump(orm, join(folder, 'empty.tar'));
  await migrateAndSeed(orm, location);
  process.env.TEST_SEEDED = await dump(orm, join(folder, 'seeded.tar'));
  await orm.close(true);
  process.env.TEST_FOLDER = join(folder, 'database');
  const snapshot = await snapshotIn(process.env.TEST_SEEDED);
  const onDisk = { folder: process.env.TEST_FOLDER, snapshot };
  await (await openDatabase({ location: onDisk, entities })).close();
}

async function migrateAndSeed(orm: MikroORM, location: DatabaseLocation): Promise<void> {
  await migrate(orm, location);
  const sql = sqlOf(orm);
  const pool = await startLocalPool({ sql, port: 0, log: createLog({ level: 'silent' }) });
  await seedLocalPool(sql, 4000);
  await pool.close();
}

async function dump(orm: MikroORM, file: string): Promise<string> {
  // Typed as the other driver's.
  const connection: unknown = orm.em.getConnection();
  if (!(connection instanceof PgliteConnection)) throw new Error('Only PGlite is dumped.');
  const pglite = await connection.getNativeClient();
  await writeFile(file, (await pglite.dumpDataDir('none')).stream());
  return file;
}

async function ownPostgres(folder: string): Promise<string> {
  const { url, stop } = await startPostgres(folder);
  globalThis.stopPostgres = stop;
  return url;
}
