import { setTimeout as sleep } from 'node:timers/promises';
import type { MikroORM } from '@mikro-orm/postgresql';
import type { Logger } from 'pino';
import type { DatabaseLocation } from './orm-options.js';

export interface NotificationsOptions {
  readonly orm: MikroORM;
  readonly location: DatabaseLocation;
  /** A name of lower-case letters and underscores. */
  readonly channel: string;
  /** Called at each notification, and when listening begins (again): what was told meanwhile is not told again. */
  readonly onNotification: () => void;
  readonly log: Logger;
}

export interface Notifications {
  /** Whether a notification that is sent now would arrive, as far as is known. */
  readonly isListening: boolean;
  close(): Promise<void>;
}

/** What the connection is called in `pg_stat_activity`. */
export const LISTENER_NAME = 'lifeguard-listener';

/** Milliseconds until a lost connection is made again, at first and at most. */
const FIRST_PAUSE = 200;
const LONGEST_PAUSE = 5_000;

/** Milliseconds until a connection that does not come up is given up. */
const CONNECT_TIMEOUT = 5_000;

/** Listens to a channel of the database (PostgreSQL, "LISTEN"); what is missed while it cannot is not made up for. */
export async function listenTo(options: NotificationsOptions): Promise<Notifications> {
  const { location } = options;
  return 'url' in location ? listenOnPostgres(location.url, options) : listenOnEmbedded(options);
}

/** The one connection of the embedded database is never lost. */
async function listenOnEmbedded({
  orm,
  channel,
  onNotification,
}: NotificationsOptions): Promise<Notifications> {
  const { PgliteConnection } = await import('@mikro-orm/pglite');
  // Typed as the other driver's.
  const connection: unknown = orm.em.getConnection();
  if (!(connection instanceof PgliteConnection)) throw new Error('The database is not embedded.');
  const unlisten = await (await connection.getNativeClient()).listen(channel, onNotification);
  return { isListening: true, close: () => unlisten() };
}

/** A connection of its own: one of the pool would be another's between two statements. */
async function listenOnPostgres(
  connectionString: string,
  { channel, onNotification, log }: NotificationsOptions,
): Promise<Notifications> {
  const { Client } = (await import('pg')).default;
  const closing = new AbortController();
  let isListening = false;

  /** Resolves when the connection is lost, or is to be closed. */
  async function listen(): Promise<void> {
    const client = new Client({
      connectionString,
      application_name: LISTENER_NAME,
      connectionTimeoutMillis: CONNECT_TIMEOUT,
      keepAlive: true,
    });
    const { promise: lost, resolve } = Promise.withResolvers<void>();
    client.on('error', () => resolve());
    client.on('end', () => resolve());
    client.on('notification', onNotification);
    closing.signal.addEventListener('abort', () => resolve(), { once: true });
    try {
      await client.connect();
      await client.query(`listen "${channel}"`);
      isListening = true;
      onNotification();
      await lost;
    } finally {
      isListening = false;
      await client.end().catch(() => undefined);
    }
  }

  async function keepListening(): Promise<void> {
    let pause = FIRST_PAUSE;
    while (!closing.signal.aborted) {
      try {
        await listen();
        pause = FIRST_PAUSE;
      } catch (err) {
        log.debug({ err }, 'the database could not be listened to');
        pause = Math.min(pause * 2, LONGEST_PAUSE);
      }
      if (closing.signal.aborted) return;
      log.info('the database is not listened to: changes are seen when they are looked for');
      const wait = pause * (0.5 + Math.random() / 2);
      await sleep(wait, undefined, { signal: closing.signal, ref: false }).catch(() => undefined);
    }
  }

  const kept = keepListening();
  return {
    get isListening() {
      return isListening;
    },
    close: async () => {
      closing.abort();
      await kept;
    },
  };
}
