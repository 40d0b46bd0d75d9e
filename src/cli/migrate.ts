import { readConfig } from '../config.js';
import { databaseLocation } from '../database/location.js';
import { openDatabase } from '../database/open.js';
import { entities } from '../features.js';

/** @throws FolderLockedError while a server holds the embedded database. */
export async function migrateDatabase(environment: NodeJS.ProcessEnv): Promise<void> {
  const location = databaseLocation(readConfig(environment));
  const database = await openDatabase({ location, entities });
  await database.close();
  process.stdout.write('The database is up to date.\n');
}
