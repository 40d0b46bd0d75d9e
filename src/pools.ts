import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import type { Logger } from 'pino';
import { z } from 'zod';
import { AccessTokenVerifier } from './auth/access-token-verifier.js';
import { trustedPool } from './auth/trusted-pool.js';
import type { Config } from './config.js';
import { databaseCallSlots } from './database/call-slots.js';
import type { SandboxOptions } from './http/sandbox.js';
import {
  allowCallbacks,
  type LocalPool,
  OutdatedPoolError,
  type Sql,
  seedLocalPool,
  startLocalPool,
} from './local-pool/index.js';
import { StartError } from './start-error.js';
import {
  CallBudget,
  CognitoUserPool,
  isThrottled,
  type ObserveCall,
  PoolConnection,
  regionOf,
} from './user-pool/index.js';

export interface PoolParts {
  readonly config: Config;
  readonly orm: MikroORM;
  readonly log: Logger;
  /** Told of each call to a pool. */
  readonly observeCall: ObserveCall | undefined;
  /** Takes the codes that the local pool would send. */
  readonly deliver: ((message: string) => void) | undefined;
}

export interface Pools {
  readonly userPools: ReadonlyMap<string, CognitoUserPool>;
  readonly callBudgets: readonly CallBudget[];
  readonly verifier: AccessTokenVerifier;
  readonly localPool: LocalPool | undefined;
  /** How people sign in, for the sandbox. */
  readonly signIn: Pick<SandboxOptions, 'localPool' | 'pools'>;
  readonly close: () => Promise<void>;
}

/** The configured pools; without any, the local one, which is made and filled on first use. */
export async function connectPools(parts: PoolParts): Promise<Pools> {
  const { config, log, observeCall: observe } = parts;
  const local = config.pools.length === 0 ? await openLocalPool(parts) : undefined;
  const endpoint = local?.endpoint ?? config.cognitoEndpoint;
  const pools = local?.trusted ?? config.pools;
  const budgets = budgetsOf(parts);
  const connections = pools.map(
    ({ id }) =>
      new PoolConnection({
        id,
        endpoint,
        budget: budgets.of(regionOf(id)),
        observe,
        ...(local && { credentials: LOCAL_CREDENTIALS }),
      }),
  );
  const userPools = new Map(
    connections.map((connection) => [connection.id, new CognitoUserPool(connection)]),
  );
  const trusted = pools.map((pool) => trustedPool({ ...pool, endpoint }));
  const verifier = new AccessTokenVerifier({ pools: trusted, log });
  verifier.start();
  return {
    userPools,
    callBudgets: budgets.all(),
    verifier,
    localPool: local?.localPool,
    signIn: {
      // Whichever server of this database runs it.
      localPool: local?.endpoint,
      pools: trusted.map(({ id, issuers: [authority], clientIds }) => ({
        poolId: id,
        authority,
        clientIds: local?.signInClientIds ?? clientIds,
      })),
    },
    close: async () => {
      verifier.close();
      budgets.close();
      for (const connection of connections) connection.close();
      await local?.localPool?.close();
    },
  };
}

/** One budget for each Region: there the quotas are the account's, whichever its pools are. */
function budgetsOf({ config, orm }: PoolParts) {
  const slots = databaseCallSlots(orm);
  const byRegion = new Map<string, CallBudget>();
  return {
    of(region: string): CallBudget {
      const known = byRegion.get(region);
      if (known !== undefined) return known;
      const budget = new CallBudget({ region, slots, share: config.quotaShare, isThrottled });
      byRegion.set(region, budget);
      return budget;
    },
    all: () => [...byRegion.values()],
    close() {
      for (const budget of byRegion.values()) budget.close();
    },
  };
}

/** The local pool checks no signatures, yet the SDK wants something to sign with. */
const LOCAL_CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' };

/** Where the sandbox is by default, also for tests, whose servers take any port. */
const SANDBOX_PORT = 4000;

/** Starts and fills the local pool; where another server of this database runs it, that one serves. */
async function openLocalPool({ config, orm, log, deliver }: PoolParts) {
  const sql = sqlOf(orm);
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
