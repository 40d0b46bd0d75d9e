import { join } from 'node:path';
import type { Config } from '../config.js';
import type { DatabaseLocation } from './orm-options.js';

/** The configured PostgreSQL, or the embedded database's own folder below `DATA_DIR`. */
export function databaseLocation({
  databaseUrl,
  dataDir,
}: Pick<Config, 'databaseUrl' | 'dataDir'>): DatabaseLocation {
  return databaseUrl === undefined ? { folder: join(dataDir, 'database') } : { url: databaseUrl };
}
