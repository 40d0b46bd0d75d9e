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
        releaseLost(pool);
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
 * A transaction whose connection is lost, and so cannot be rolled back, is never released by Kysely (0.29): each one
 * would leave the pool a connection less, until there is none.
 */
function releaseLost(pool: Pool): void {
  const held = new Set<PoolClient>();
  pool.on('acquire', (client) => void held.add(client));
  pool.on('release', (_error, client) => void held.delete(client));
  pool.on('connect', (client) => {
    client.once('end', () => {
      if (!held.has(client)) return;
      const { release } = client;
      // Should whoever has it release it after all, that is no second time.
      client.release = () => undefined;
      release(true);
    });
  });
}
