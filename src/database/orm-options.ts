import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import type { AnyEntity, EntityClass, MetadataStorage } from '@mikro-orm/core';
import { DefaultLogger, type LogContext, type LoggerOptions } from '@mikro-orm/core';
import { Migrator } from '@mikro-orm/migrations';
import type { Options } from '@mikro-orm/postgresql';
import { NotFoundError } from '../errors.js';
import { ROOT } from '../root.js';
import type { Connections } from './connections.js';

/** Where the rows are: a PostgreSQL by URL, or an embedded PGlite in a folder (`memory://`: in memory). */
export type DatabaseLocation =
  | { readonly url: string }
  | {
      readonly folder: string;
      /** What a new one begins with: a dump of PGlite's data folder, which takes less time than making one. */
      readonly snapshot?: Snapshot;
    };

export type Snapshot = Pick<Blob, 'type' | 'arrayBuffer'>;

/** Of an embedded database: PostgreSQL's own 128 MB would be cleared at each start, for half a second. */
const SHARED_BUFFERS = '16MB';

/**
 * Of V8. Optimized, PGlite answers no faster, since most of its time is in JavaScript; to compile it so would take each
 * start a second of CPU, and the process 140 MB.
 */
const UNOPTIMIZED = ['--no-wasm-tier-up', '--no-wasm-dynamic-tiering'];

/**
 * Who sends a statement: the entity manager of a request, another one, or nobody that can be told, as of statements
 * that are written by hand.
 */
export type Sender = 'request' | 'other' | 'unknown';

/** A statement that the database has answered. */
export interface Statement {
  /** With placeholders; it may hold literals, see `statementText`. */
  readonly sql: string;
  /** Of what it belongs to, where that is no request. */
  readonly label: string | undefined;
  /** Milliseconds; undefined for what is part of a transaction's begin and end. */
  readonly duration: number | undefined;
  readonly failed: boolean;
  readonly sender: Sender;
}

export type OnStatement = (statement: Statement) => void;

/** Beside this file, where it is compiled and where it is bundled. */
export const MIGRATIONS = fileURLToPath(new URL('migrations', import.meta.url));

/** Goes to `em.setLoggerContext` of a request's entity manager. */
export const OF_REQUEST = { isOfRequest: true };

/** How rows are held back from those who may not see them: what the authorization of the graph asks for. */
export interface RuledOptions extends Pick<Options, 'filters' | 'subscribers' | 'entityManager'> {
  /** @throws where a rule cannot be resolved */
  readonly assertResolvable: (metadata: MetadataStorage) => void;
}

export interface OrmSettings {
  readonly location: DatabaseLocation;
  readonly entities: readonly EntityClass<AnyEntity>[];
  /** Told every statement, in the asynchronous context of whoever sent it. */
  readonly onStatement?: OnStatement;
  /** Absent: every row is everybody's, as for migrations. */
  readonly rules?: RuledOptions;
  /** Of a server; absent: statements take as long as they take. */
  readonly connections?: Connections;
}

/** MikroORM's options, the same for the server, its CLI and the tests. */
export async function ormOptions(settings: OrmSettings): Promise<Options> {
  const { location, entities, onStatement, rules, connections } = settings;
  const { assertResolvable: _, ...ruled } = rules ?? {};
  const shared = {
    entities: [...entities],
    extensions: [Migrator],
    metadataCache: { enabled: false },
    forceUtcTimezone: true,
    // Triggers are written by hand into migrations.
    schemaGenerator: { ignoreTriggers: true, ignoreRoutines: true },
    migrations: {
      path: MIGRATIONS,
      pathTs: 'src/database/migrations',
      glob: 'Migration*.{js,ts}',
      snapshotName: '.snapshot',
      snapshotOnMigrate: false,
      silent: true,
    },
    // A relation keeps the id of what it leads to, whoever may see that.
    autoJoinRefsForFilters: false,
    findOneOrFailHandler: notFound,
    findExactlyOneOrFailHandler: notFound,
    ...ruled,
    baseDir: fileURLToPath(ROOT),
    ...(onStatement === undefined ? {} : { loggerFactory: statementLog(onStatement) }),
  } satisfies Options;

  if ('url' in location) {
    const { PostgreSqlDriver } = await import('@mikro-orm/postgresql');
    // A database that is not there is a slip in the URL: an empty one under that name would hide it.
    return {
      ...shared,
      driver: PostgreSqlDriver,
      clientUrl: location.url,
      ensureDatabase: false,
      ...(connections && { driverOptions: connections.options }),
    };
  }
  if (!location.folder.startsWith('memory:'))
    await mkdir(dirname(location.folder), { recursive: true });
  for (const flag of UNOPTIMIZED) setFlagsFromString(flag);
  const { PgliteDriver } = await import('@mikro-orm/pglite');
  return {
    ...shared,
    // The two drivers differ in how they connect; dialect, platform and entity manager are the same.
    driver: PgliteDriver as never,
    dbName: location.folder,
    driverOptions: {
      initDbStartParams: ['--set', `shared_buffers=${SHARED_BUFFERS}`],
      ...(location.snapshot && { loadDataDir: copyable(location.snapshot) }),
    },
  };
}

/** The same for what is not there and for what the viewer may not see. */
function notFound(entityName: string): NotFoundError {
  return new NotFoundError(`There is no such ${entityName}.`, {
    reason: 'row',
    hint: 'Use the id of one that you can see.',
  });
}

/** MikroORM copies its options deeply, which a blob does not outlive. */
function copyable(snapshot: Snapshot) {
  return { type: snapshot.type, arrayBuffer: () => snapshot.arrayBuffer() };
}

function statementLog(onStatement: OnStatement) {
  class StatementLog extends DefaultLogger {
    // Called whether or not MikroORM's own log is on, and by it the statement has placeholders.
    override logQuery(context: LogContext): void {
      const { query, label, took, level } = context;
      if (query === undefined) return;
      const sender = senderOf(context);
      onStatement({ sql: query, label, duration: took, failed: level === 'error', sender });
    }
  }
  return (options: LoggerOptions) => new StatementLog(options);
}

function senderOf({ id, isOfRequest }: LogContext): Sender {
  if (isOfRequest) return 'request';
  return id === undefined ? 'unknown' : 'other';
}
