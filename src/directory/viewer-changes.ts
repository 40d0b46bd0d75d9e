import { setTimeout as sleep } from 'node:timers/promises';
import { Gauge } from '@prometheus-io/client';
import { inTime } from '../in-time.js';
import type { App } from '../request/app.js';
import { metricsOf } from '../request/metrics.js';
import { perApp } from '../request/per-app.js';
import { FreshRuns } from './fresh-runs.js';

/** Marks the statements in the log of statements: they belong to no request. */
const STATEMENT = { label: 'viewer changes' };

/** Milliseconds between two looks at the table, however quiet the channel is. */
const POLL = 500;
/** Milliseconds after which what was read last is not trusted any more. */
const TRUSTED = 2_000;
/** Milliseconds until a look without an answer is given up. */
const PATIENCE = 5_000;

/** For how long changes are kept: longer than any transaction that makes one should take. */
const KEPT = '1 day';
/** Milliseconds between two deletions of those that are older. */
const DELETION = 3_600_000;

interface Row {
  readonly oldest: string;
  readonly changes: string;
}

/** What has to be told of. */
export interface ViewerChangesListener {
  changed(userIds: readonly string[]): void;
  /** Some changes may never be told. */
  lost(): void;
}

/** The changes of what users' tokens are good for, whichever server or operator made them. */
export const viewerChangesOf = perApp((app) => new ViewerChanges(app));

/**
 * Reads the table of changes. Changes become visible in the order of commits, which is not that of their
 * numbers: so every look reads again whatever is not older than the oldest transaction that was still under way
 * at the look before, and passes over what it has seen.
 */
class ViewerChanges {
  readonly #app: App;
  readonly #runs = new FreshRuns<void>();
  readonly #listeners = new Set<ViewerChangesListener>();
  readonly #stopping = new AbortController();
  #loop: Promise<void> = Promise.resolve();
  /** The oldest transaction under way at the last look; undefined before the first, and after one that failed. */
  #oldest: bigint | undefined;
  #seen: ReadonlySet<string> = new Set();
  /** When the last look that succeeded began. */
  #readAt = Number.NEGATIVE_INFINITY;
  #deletedAt = Number.NEGATIVE_INFINITY;

  constructor(app: App) {
    this.#app = app;
    const age = () => this.#age;
    new Gauge({
      name: 'lifeguard_revocation_lag_seconds',
      help: 'How long ago this server last knew every revocation of the database; above 2 it looks every viewer up.',
      aggregator: 'max',
      registers: [metricsOf(app)],
      collect() {
        this.set(age() / 1000);
      },
    });
  }

  /** Whether every change older than two seconds has been told. */
  get isCurrent(): boolean {
    return this.#age <= TRUSTED;
  }

  subscribe(listener: ViewerChangesListener): void {
    this.#listeners.add(listener);
  }

  /** Tells of all changes that were committed before the call; does not reject. */
  read(): Promise<void> {
    return this.#runs.run('read', () => this.#read());
  }

  /** Nothing that was known counts from here on, such as where the database was put back. */
  restart(): void {
    this.#oldest = undefined;
    this.#seen = new Set();
    this.#readAt = Number.NEGATIVE_INFINITY;
    for (const listener of this.#listeners) listener.lost();
  }

  /** Begins to look again and again. */
  start(): void {
    this.#loop = this.#look();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
    await this.#runs.settled();
  }

  get #age(): number {
    return performance.now() - this.#readAt;
  }

  async #look(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await this.read();
      await this.#deleteOld();
      await sleep(POLL, undefined, { signal, ref: false }).catch(() => undefined);
    }
  }

  async #read(): Promise<void> {
    const beganAt = performance.now();
    try {
      this.#take(await this.#answered());
      this.#readAt = beganAt;
    } catch (err) {
      if (this.#stopping.signal.aborted) return;
      this.#app.log.warn({ err }, 'revocations could not be read: every viewer is looked up');
      this.restart();
    }
  }

  async #answered(): Promise<Row> {
    const rows = this.#app.orm.em.fork().execute<Row[]>(
      `select pg_snapshot_xmin(pg_current_snapshot())::text as oldest,
         (select coalesce(json_agg(json_build_array(id, user_id)), '[]') from viewer_change
          where transaction >= ?::text::xid8)::text as changes`,
      [this.#oldest === undefined ? null : String(this.#oldest)],
      'all',
      STATEMENT,
    );
    const late = () => new Error('The database did not answer in time.');
    const [row] = await inTime(rows, PATIENCE, late);
    if (row === undefined) throw new Error('The database has no snapshot.');
    return row;
  }

  #take({ oldest, changes }: Row): void {
    const transaction = BigInt(oldest);
    // Of another database than before, such as one that was restored.
    if (this.#oldest !== undefined && transaction < this.#oldest) this.restart();
    // The statement above makes pairs of texts.
    const rows = JSON.parse(changes) as readonly (readonly [id: string, userId: string])[];
    const userIds = new Set(rows.filter(([id]) => !this.#seen.has(id)).map(([, userId]) => userId));
    this.#seen = new Set(rows.map(([id]) => id));
    this.#oldest = transaction;
    if (userIds.size === 0) return;
    for (const listener of this.#listeners) listener.changed([...userIds]);
  }

  async #deleteOld(): Promise<void> {
    if (performance.now() - this.#deletedAt < DELETION || !this.isCurrent) return;
    this.#deletedAt = performance.now();
    try {
      await this.#app.orm.em
        .fork()
        .execute(
          `delete from viewer_change where created_at < now() - interval '${KEPT}'`,
          [],
          'run',
          STATEMENT,
        );
    } catch (err) {
      this.#app.log.warn({ err }, 'old revocations could not be deleted');
    }
  }
}
