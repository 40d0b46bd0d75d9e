import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import { v7 } from 'uuid';
import { JOB_STATEMENT } from './job-statement.js';

export interface NewJob {
  readonly kind: string;
  readonly key: string;
  /** What JSON can hold. */
  readonly payload?: unknown;
  /** Milliseconds from now until it is due; 0 by default. */
  readonly delay?: number;
}

const ASKED_AGAIN = `payload = excluded.payload, run_at = least(job.run_at, excluded.run_at), attempts = 0,
       version = job.version + 1`;

/** Asks for work on the `job` table, which the workers of all servers of one database share. */
export class JobQueue {
  readonly #orm: MikroORM;
  readonly #listeners = new Set<() => void>();

  constructor(orm: MikroORM) {
    this.#orm = orm;
  }

  /**
   * Adds jobs, in one statement. One that waits under the same key takes the new payload and the earlier moment;
   * one that runs just now runs again after it. Of several with one key in the list the last one counts.
   */
  async add(jobs: readonly NewJob[]): Promise<void> {
    if (jobs.length === 0) return;
    await this.#insert(jobs, ASKED_AGAIN);
    for (const wake of this.#listeners) wake();
  }

  /** As `add`, in the caller's transaction: the jobs are there with its other rows, or not at all. */
  async addWithin(em: EntityManager, jobs: readonly NewJob[]): Promise<void> {
    if (jobs.length === 0) return;
    await this.#insert(jobs, ASKED_AGAIN, em);
  }

  /** Makes sure of jobs that repeat; one that waits for longer than its `delay` is due by then. */
  async ensure(...jobs: readonly NewJob[]): Promise<void> {
    if (jobs.length === 0) return;
    await this.#insert(jobs, 'run_at = least(job.run_at, excluded.run_at)');
  }

  /**
   * Frees the jobs of processes that died without a word. For a database that this process alone can have open:
   * else others lose what they are doing.
   */
  async freeAll(): Promise<void> {
    await this.#orm.em
      .fork()
      .execute(
        'update job set claim = null, claimed_until = null where claim is not null',
        [],
        'run',
        JOB_STATEMENT,
      );
  }

  /** Calls whenever jobs were added by this process. Answers with how to stop that. */
  onAdded(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async #insert(
    jobs: readonly NewJob[],
    onConflict: string,
    em: EntityManager = this.#orm.em.fork(),
  ): Promise<void> {
    // PostgreSQL refuses a statement that would change a row twice.
    const byKey = new Map(jobs.map((job) => [`${job.kind} ${job.key}`, job]));
    const rows = [...byKey.values()].map(({ kind, key, payload = null, delay = 0 }) => {
      return { id: v7(), kind, key, payload, delay };
    });
    await em.execute(
      `insert into job (id, created_at, updated_at, kind, key, payload, run_at)
       select id, now(), now(), kind, key, coalesce(payload, 'null'), now() + delay * interval '1 millisecond'
       from jsonb_to_recordset(?::jsonb) as row(id uuid, kind text, key text, payload jsonb, delay float8)
       on conflict (kind, key) do update set updated_at = now(), ${onConflict}`,
      [JSON.stringify(rows)],
      'all',
      JOB_STATEMENT,
    );
  }
}
