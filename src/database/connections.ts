import { Socket } from 'node:net';
import type { Pool, PoolClient, PoolConfig } from 'pg';

/** Milliseconds until whoever wants a connection is told that there is none. */
export const CONNECT_TIMEOUT = 3_000;

/**
 * Sent on each connection rather than at its startup, where PgBouncer refuses such parameters. A connection that
 * idles within a transaction is of a server that is gone without a word, and holds locks.
 */
const LIMITS = "set statement_timeout = '30s'; set idle_in_transaction_session_timeout = '60s'";

class SilentDatabaseError extends Error {
  readonly code = 'ETIMEDOUT';
  override readonly name = 'SilentDatabaseError';
}

/** The connections of a server to PostgreSQL: nobody waits for ever, neither for one nor on one. */
export class Connections {
  readonly #sockets = new Set<Socket>();

  /** What MikroORM passes on to the pool of pg. */
  get options(): PoolConfig & { readonly onPoolCreated: (pool: Pool) => void } {
    return {
      connectionTimeoutMillis: CONNECT_TIMEOUT,
      stream: () => this.#socket(),
      onPoolCreated: (pool) => {
        // Whoever has the connection meets the error too.
        pool.on('connect', (client) => void client.query(LIMITS).catch(() => undefined));
        releaseForgotten(pool);
      },
    };
  }

  /** Fails whatever waits for an answer: TCP by itself would hope for a quarter of an hour. */
  cut(): void {
    for (const socket of this.#sockets)
      socket.destroy(new SilentDatabaseError('The database has fallen silent.'));
  }

  #socket(): Socket {
    const socket = new Socket();
    this.#sockets.add(socket);
    return socket.once('close', () => this.#sockets.delete(socket));
  }
}

/**
 * Kysely (0.29) never releases a connection that is lost within a transaction, and so cannot be rolled back: each one
 * would leave the pool a connection less, until there is none. Nor one that comes when the pool is being closed already: that
 * would wait for it for ever.
 */
function releaseForgotten(pool: Pool): void {
  const held = new Set<PoolClient>();
  pool.on('acquire', (client) => void held.add(client));
  pool.on('release', (_error, client) => void held.delete(client));
  pool.on('connect', (client) => {
    // Once whoever had asked for it was told that it came, and has failed.
    if (pool.ending) setImmediate(() => client.release(true));
    client.once('end', () => {
      if (!held.has(client)) return;
      const { release } = client;
      // Should whoever has it release it after all, that is no second time.
      client.release = () => undefined;
      release(true);
    });
  });
}
