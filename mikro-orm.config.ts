import 'reflect-metadata';
import type { Options } from '@mikro-orm/postgresql';
import { readConfig } from './src/config.js';
import { refuseHeldFolder } from './src/database/folder-lock.js';
import { databaseLocation } from './src/database/location.js';
import { ormOptions } from './src/database/orm-options.js';
import { entities } from './src/features.js';

/** What the MikroORM CLI works with: the database that the server would use. */
export default async function options(): Promise<Options> {
  const location = databaseLocation(readConfig(process.env));
  if ('folder' in location) await refuseHeldFolder(location.folder);
  return ormOptions({ location, entities });
}
