import { setTimeout as sleep } from 'node:timers/promises';
import type { MikroORM } from '@mikro-orm/postgresql';
import type { Client } from 'pg';
import type { Logger } from 'pino';
import { CONNECT_TIMEOUT } from './connections.js';
import type { DatabaseLocation } from './orm-options.js';

export interface NotificationsOptions {
  readonly orm: MikroORM;
  readonly location: DatabaseLocation;
  /** A name of lower-case letters and underscores. */
  readonly channel: string;
  /** Called at each notification, and when listening begins (again): what was told meanwhile is not told again. */
  readonly onNotification: () => void;
  /** Called where the database does not answer any more, and the connection was not told. */
  readonly onSilence: () => void;
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
const LONGEST_PAUSE = 2_000;

/** Milliseconds between signs of life, and until a missing one is taken for the end. */
const HEARTBEAT = 500;
const SILENCE = 3_000;

/** Milliseconds for what has arrived already, or need not. */
const MOMENT = 50;

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
  { channel, onNotification, onSilence, log }: NotificationsOptions,
): Promise<Notifications> {
  const pg = (await import('pg')).default;
  const closing = new AbortController();
  let isListening = false;

  /** Resolves when the connection is lost, or is to be closed. */
  async function listen(): Promise<void> {
    const client = new pg.Client({
      connectionString,
      application_name: LISTENER_NAME,
      connectionTimeoutMillis: CONNECT_TIMEOUT,
    });
    const { promise: lost, resolve } = Promise.withResolvers<void>();
    const stop = () => resolve();
    client.on('error', stop);
    client.on('end', stop);
    client.on('notification', onNotification);
    closing.signal.addEventListener('abort', stop);
    try {
      await client.connect();
      if (!(await answers(client, `listen "${channel}"`))) return;
      isListening = true;
      onNotification();
      if ((await Promise.race([lost, silence(client, closing.signal)])) === 'silent') onSilence();
    } finally {
      isListening = false;
      closing.signal.removeEventListener('abort', stop);
      await end(client);
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

/** Resolves when the database does not answer, rejects when it cannot be asked. */
async function silence(client: Client, signal: AbortSignal): Promise<'silent' | undefined> {
  while (!signal.aborted) {
    await sleep(HEARTBEAT, undefined, { signal, ref: false }).catch(() => undefined);
    if (!(await answers(client, 'select 1'))) return 'silent';
  }
  return undefined;
}

/** Whether the database answers in time. @throws where it refuses */
async function answers(client: Client, statement: string): Promise<boolean> {
  const answer = client.query(statement).then(() => true);
  if (await within(SILENCE, answer)) return true;
  // A process that was held up itself finds the answer only now.
  return within(MOMENT, answer);
}

async function within(milliseconds: number, answer: Promise<boolean>): Promise<boolean> {
  const answered = new AbortController();
  const { signal } = answered;
  const late = sleep(milliseconds, false, { signal, ref: false }).catch(() => false);
  return await Promise.race([answer, late]).finally(() => answered.abort());
}

/** Says good-bye, without waiting for a database that does not hear it. */
async function end(client: Client): Promise<void> {
  const ended = client.end().then(() => true);
  await within(MOMENT, ended).catch(() => undefined);
  client.connection.stream.destroy();
}
