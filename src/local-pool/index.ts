import { Faults } from './development/index.js';
import type { Log } from './log.js';
import { createSchema } from './schema.js';
import { createPoolServer } from './server.js';
import type { Sql } from './sql.js';
import { createStores } from './stores.js';
import { openInstallation } from './tokens/installation.js';
import type { TriggerSet } from './triggers.js';

export { OutdatedPoolError } from './schema.js';
export { allowCallbacks } from './seed/callback-urls.js';
export { SEEDED_PASSWORD } from './seed/people.js';
export { seedLocalPool } from './seed/seed.js';
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
  /** Makes operations and the JWKS endpoint fail, until it is cleared or the process ends. */
  readonly faults: Pick<Faults, 'set' | 'clear'>;
  close(): Promise<void>;
}

/** Starts the local pool on loopback. Rejects with EADDRINUSE where the port is taken. */
export async function startLocalPool(options: LocalPoolOptions): Promise<LocalPool> {
  const { sql, port, log, corsOrigins = [] } = options;
  const deliver = options.deliver ?? ((message) => log.info({}, message));
  await createSchema(sql);
  const installation = await openInstallation(sql);
  let endpoint = '';
  const faults = new Faults();
  const stores = createStores({
    sql,
    installation,
    log,
    deliver,
    triggers: options.triggers ?? {},
    endpoint: () => endpoint,
    clock: () => faults.time,
  });
  const calls = new Map<string, number>();
  const server = await createPoolServer({
    stores,
    sql,
    endpoint: () => endpoint,
    installation,
    faults,
    corsOrigins,
    calls,
  });
  endpoint = await server.listen({ host: '127.0.0.1', port, exclusive: true });
  return { endpoint, calls, faults, close: () => server.close() };
}
