import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PgliteConnection } from '@mikro-orm/pglite';
import type { MikroORM } from '@mikro-orm/postgresql';
import { openDatabase } from '../../src/database/open.js';
import { entities } from '../../src/features.js';
import { snapshotIn } from './database.js';
import { migrateAndSeed, opened } from './migrated-and-seeded.js';

/** Dumps of an embedded database that is empty, and of the same one seeded, and a folder with the latter's content. */
export default async function setUp(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'lifeguard-test-'));
  const location = { folder: 'memory://' };
  const orm = await opened(location);
  process.env.TEST_EMPTY = await dump(orm, join(folder, 'empty.tar'));
  await migrateAndSeed(orm, location);
  process.env.TEST_SEEDED = await dump(orm, join(folder, 'seeded.tar'));
  await orm.close(true);
  process.env.TEST_FOLDER = join(folder, 'database');
  const snapshot = await snapshotIn(process.env.TEST_SEEDED);
  const onDisk = { folder: process.env.TEST_FOLDER, snapshot };
  await (await openDatabase({ location: onDisk, entities })).close();
}

async function dump(orm: MikroORM, file: string): Promise<string> {
  // Typed as the other driver's.
  const connection: unknown = orm.em.getConnection();
  if (!(connection instanceof PgliteConnection)) throw new Error('Only PGlite is dumped.');
  const pglite = await connection.getNativeClient();
  await writeFile(file, (await pglite.dumpDataDir('none')).stream());
  return file;
}
