import type { MikroORM } from '@mikro-orm/postgresql';
import type { Logger } from 'pino';
import { AccessTokenVerifier } from './auth/access-token-verifier.js';
import { trustedPool } from './auth/trusted-pool.js';
import type { Config } from './config.js';
import { databaseCallSlots } from './database/call-slots.js';
import type { SandboxOptions } from './http/sandbox.js';
import type { LocalPool } from './local-pool/index.js';
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
  const local = config.pools.length === 0 ? await localPoolOf(parts) : undefined;
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

/** Loaded only where it is to run, which is not where pools are configured. */
async function localPoolOf({ config, orm, log, deliver }: PoolParts) {
  const { openLocalPool, sqlOf } = await import('./open-local-pool.js');
  return openLocalPool({ config, sql: sqlOf(orm), log, deliver });
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
