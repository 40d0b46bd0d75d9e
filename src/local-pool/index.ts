import { AccountStore } from './account-store.js';
import { ChallengeStore } from './challenge-store.js';
import { GroupStore } from './group-store.js';
import { openInstallation } from './installation.js';
import type { Log } from './log.js';
import { Messages } from './messages.js';
import { PoolStore } from './pool-store.js';
import { ResourceServerStore } from './resource-server-store.js';
import { createSchema } from './schema.js';
import { seeded } from './seed.js';
import { createPoolServer } from './server.js';
import { SignInStore } from './sign-in-store.js';
import type { Sql } from './sql.js';
import { TokenIssuer } from './token-issuer.js';
import { type TriggerSet, Triggers } from './triggers.js';

export { SEEDED_PASSWORD } from './people.js';
export { OutdatedPoolError } from './schema.js';
export { seedLocalPool } from './seed.js';
export type { Sql, TriggerSet };

export interface LocalPoolOptions {
  /** The server's database; the local pool keeps to its own schema there. */
  readonly sql: Sql;
  /** 0: any free one. */
  readonly port: number;
  readonly log: Log;
  /** Takes what Cognito would send, such as `code 123456 for <destination>`; the log by default. */
  readonly deliver?: ((message: string) => void) | undefined;
  /** The Lambda triggers of its pools, called with Cognito's events. */
  readonly triggers?: TriggerSet;
  /** Origins that may call besides those on loopback. */
  readonly corsOrigins?: readonly string[];
}

export interface LocalPool {
  /** Such as `http://127.0.0.1:4001`; issuers are `<endpoint>/<pool id>`. */
  readonly endpoint: string;
  /** Requests received since the start, by operation. */
  readonly calls: ReadonlyMap<string, number>;
  close(): Promise<void>;
}

/** Starts the local pool on loopback. Rejects with EADDRINUSE where the port is taken. */
export async function startLocalPool(options: LocalPoolOptions): Promise<LocalPool> {
  const { sql, port, log, corsOrigins = [] } = options;
  const deliver = options.deliver ?? ((message) => log.info({}, message));
  await createSchema(sql);
  const installation = await openInstallation(sql);
  let endpoint = '';
  const pools = new PoolStore(sql);
  const accounts = new AccountStore(sql);
  const groups = new GroupStore(sql);
  const signIns = new SignInStore(sql);
  const triggers = new Triggers(options.triggers ?? {}, log);
  const tokens = new TokenIssuer({
    installation,
    pools,
    accounts,
    groups,
    signIns,
    triggers,
    endpoint: () => endpoint,
  });
  const calls = new Map<string, number>();
  const server = await createPoolServer({
    stores: {
      pools,
      accounts,
      groups,
      signIns,
      tokens,
      triggers,
      challenges: new ChallengeStore(sql),
      resourceServers: new ResourceServerStore(sql),
      messages: new Messages(deliver),
      log,
    },
    sql,
    endpoint: () => endpoint,
    installation,
    corsOrigins,
    calls,
    describe: async () => ({ installation: installation.id, ...(await seeded(sql)) }),
  });
  endpoint = await server.listen({ host: '127.0.0.1', port });
  return { endpoint, calls, close: () => server.close() };
}
