import { MikroORM } from '@mikro-orm/postgresql';
import { migrate } from '../../src/database/migrate.js';
import { type DatabaseLocation, ormOptions } from '../../src/database/orm-options.js';
import { entities } from '../../src/features.js';
import { seedLocalPool, startLocalPool } from '../../src/local-pool/index.js';
import { createLog } from '../../src/log/index.js';
import { sqlOf } from '../../src/open-local-pool.js';

/** Opens a database as it is, such as an empty one. */
export async function opened(location: DatabaseLocation): Promise<MikroORM> {
  return MikroORM.init(await ormOptions({ location, entities }));
}

/** Brings it up to date and fills its local pool. */
export async function migrateAndSeed(orm: MikroORM, location: DatabaseLocation): Promise<void> {
  await migrate(orm, location);
  const sql = sqlOf(orm);
  const pool = await startLocalPool({ sql, port: 0, log: createLog({ level: 'silent' }) });
  await seedLocalPool(sql, 4000);
  await pool.close();
}
