import { MikroORM } from '@mikro-orm/postgresql';
import { StartError } from '../start-error.js';
import { lockFolder } from './folder-lock.js';
import { type Migrated, migrate } from './migrate.js';
import { type DatabaseLocation, type OrmSettings, ormOptions } from './orm-options.js';
import { readTimesQuickly } from './quick-times.js';
import { quoteArrays } from './quoted-arrays.js';

export interface Database {
  readonly orm: MikroORM;
  readonly migrated: Migrated;
  /** Ends the connections and lets go of the embedded database's folder. */
  close(): Promise<void>;
}

/**
 * Opens the database and brings it up to date; an embedded one is made on first use.
 * @throws FolderLockedError where another process holds the embedded database.
 * @throws FolderUnusableError where it cannot be written.
 * @throws StartError where the PostgreSQL cannot be reached, or lets nobody in, and where the embedded database is damaged.
 */
export async function openDatabase(settings: OrmSettings): Promise<Database> {
  const { location } = settings;
  const unlock = isOnDisk(location) ? await lockFolder(location.folder) : async () => {};
  let orm: MikroORM | undefined;
  try {
    orm = await MikroORM.init(await ormOptions(settings));
    const platform = orm.em.getPlatform();
    readTimesQuickly(platform);
    quoteArrays(platform);
    settings.rules?.assertResolvable(orm.getMetadata());
    const migrated = await migrate(orm, location);
    return { orm, migrated, close: closing(orm, unlock) };
  } catch (error) {
    const unreachable = orm && (await unreachableError(orm, location));
    await orm?.close(true);
    await unlock();
    throw unreachable ?? error;
  }
}

async function unreachableError(
  orm: MikroORM,
  location: DatabaseLocation,
): Promise<StartError | undefined> {
  const connection = await orm.checkConnection();
  if (connection.ok) return undefined;
  const { reason, error } = connection;
  const problem =
    'url' in location
      ? `The database of DATABASE_URL is out of reach: ${reason}. Start or create it, or correct DATABASE_URL.`
      : `The embedded database in ${location.folder} cannot be opened: ${reason || 'it is damaged'}. ` +
        'Set DATA_DIR to another folder, or delete this one to begin anew.';
  return new StartError(problem, { cause: error });
}

function closing(orm: MikroORM, unlock: () => Promise<void>): () => Promise<void> {
  return async () => {
    await orm.close(true);
    await unlock();
  };
}

function isOnDisk(location: DatabaseLocation): location is { readonly folder: string } {
  return 'folder' in location && !location.folder.startsWith('memory:');
}
