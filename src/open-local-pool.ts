import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { Config } from './config.js';
import {
  allowCallbacks,
  OutdatedPoolError,
  type Sql,
  seedLocalPool,
  startLocalPool,
} from './local-pool/index.js';
import { StartError } from './start-error.js';

export interface LocalPoolParts {
  readonly config: Config;
  readonly sql: Sql;
  readonly log: Logger;
  /** Takes the codes that it would send. */
  readonly deliver: ((message: string) => void) | undefined;
}

/** Where the sandbox is by default, also for tests, whose servers take any port. */
const SANDBOX_PORT = 4000;

/** Starts and fills the local pool; where another server of this database runs it, that one serves. */
export async function openLocalPool({ config, sql, log, deliver }: LocalPoolParts) {
  const { localPoolPort: port, corsOrigins } = config;
  const localPool = await startLocalPool({ sql, port, corsOrigins, log, deliver }).catch(
    (error: unknown) => {
      if (isAddressInUse(error)) return undefined;
      if (error instanceof OutdatedPoolError)
        throw new StartError(`${error.message} ${outdatedRemedy(config)}`, { cause: error });
      throw error;
    },
  );
  const endpoint = localPool?.endpoint ?? `http://127.0.0.1:${port}`;
  try {
    // Before it is filled: else people would be put into the local pool of another database.
    if (localPool === undefined) await expectInstallation(endpoint, sql);
    const sandboxPort = config.port || SANDBOX_PORT;
    const { poolId, clientId, machineClientId } = await seedLocalPool(sql, sandboxPort);
    await allowCallbacks({ endpoint, sql }, { poolId, clientId }, sandboxPort);
    const trusted = [{ id: poolId, clientIds: [clientId, machineClientId] }];
    return { localPool, endpoint, trusted, signInClientIds: [clientId] };
  } catch (error) {
    await localPool?.close();
    throw error;
  }
}

function outdatedRemedy({ databaseUrl, dataDir }: Config): string {
  return databaseUrl === undefined
    ? `Delete the folder ${dataDir}: a new one is filled at the next start.`
    : 'Run "drop schema local_pool cascade" there: a new one is filled at the next start.';
}

/** Milliseconds in which a local pool tells which database it is of. */
const INTRODUCTION = 5_000;
const introduction = z.object({ installation: z.string() });

/** @throws StartError where what holds the port is not the local pool of this database. */
async function expectInstallation(endpoint: string, sql: Sql): Promise<void> {
  const served: unknown = await fetch(`${endpoint}/local-pool`, {
    signal: AbortSignal.timeout(INTRODUCTION),
  })
    .then((response) => response.json())
    .catch(() => undefined);
  const [own] = await sql.query<{ id: string }>('select id::text from local_pool.installation');
  const told = introduction.safeParse(served).data?.installation;
  if (told !== undefined && told === own?.id) return;
  throw new StartError(
    `Something else answers at ${endpoint}. Stop it, or set LOCAL_POOL_PORT to a free port.`,
  );
}

function isAddressInUse(error: unknown): boolean {
  return (
    typeof error === 'object' && error !== null && 'code' in error && error.code === 'EADDRINUSE'
  );
}

/** The database as the local pool wants it: statements with `$1`, `$2`, ... */
export function sqlOf(orm: MikroORM): Sql {
  return sqlBy(() => orm.em.fork());
}

function sqlBy(entityManager: () => EntityManager): Sql {
  return {
    query: (statement, parameters = []) => {
      const ordered: unknown[] = [];
      const text = statement.replace(/\$(\d+)/g, (_match, position) => {
        ordered.push(parameters[Number(position) - 1]);
        return '?';
      });
      return entityManager().execute(text, ordered);
    },
    transaction: (run) =>
      entityManager().transactional((transaction) => run(sqlBy(() => transaction))),
  };
}
