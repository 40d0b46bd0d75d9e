import type { MikroORM } from '@mikro-orm/postgresql';
import { v7 } from 'uuid';
import { JOB_STATEMENT } from './job-statement.js';

/** A job that one run has for itself. */
export interface ClaimedJob {
  readonly id: string;
  readonly kind: string;
  readonly key: string;
  readonly payload: unknown;
  /** This run included. */
  readonly attempts: number;
  readonly version: number;
  readonly claim: string;
}

/** Milliseconds for which a job is one run's without another word. */
export const CLAIM_DURATION = 10_000;

/**
 * Who has which job. Servers take jobs past each other (PostgreSQL, "SELECT", SKIP LOCKED) in single
 * statements: nothing stays locked while a job runs.
 */
export class Claims {
  readonly #orm: MikroORM;

  constructor(orm: MikroORM) {
    this.#orm = orm;
  }

  /** Takes jobs that are due, at most so many, the longest due first. */
  async take(kinds: readonly string[], most: number): Promise<ClaimedJob[]> {
    return this.#execute(
      `update job set claim = ?, claimed_until = now() + ? * interval '1 millisecond',
              attempts = attempts + 1, updated_at = now()
       where id in (
         select id from job
         where run_at <= now() and (claimed_until is null or claimed_until < now())
           and kind in (select jsonb_array_elements_text(?::jsonb))
         order by run_at limit ? for update skip locked)
       returning id, kind, key, payload, attempts, version, claim`,
      [v7(), CLAIM_DURATION, JSON.stringify(kinds), most],
    );
  }

  /** Keeps a job for longer. Answers whether it is still this run's. */
  async extend({ id, claim }: ClaimedJob): Promise<boolean> {
    const kept = await this.#execute(
      `update job set claimed_until = now() + ? * interval '1 millisecond'
       where id = ? and claim = ? returning id`,
      [CLAIM_DURATION, id, claim],
    );
    return kept.length > 0;
  }

  /** Ends a job, done or given up, unless it was asked for again meanwhile. */
  async complete({ id, claim, version }: ClaimedJob): Promise<void> {
    const ended = await this.#execute(
      'delete from job where id = ? and claim = ? and version = ? returning id',
      [id, claim, version],
    );
    if (ended.length > 0) return;
    // A statement of its own: one that looks at the version twice can be overtaken between the looks.
    await this.#execute(
      `update job set claim = null, claimed_until = null, attempts = 0, run_at = now(), failure = null
       where id = ? and claim = ?`,
      [id, claim],
    );
  }

  /** Puts a job back that is due again after so many milliseconds, or at once if it was asked for meanwhile. */
  async repeat({ id, claim, version }: ClaimedJob, delay: number): Promise<void> {
    await this.#execute(
      `update job set claim = null, claimed_until = null, attempts = 0, failure = null,
         run_at = now() + case when version = ? then ? else 0 end * interval '1 millisecond'
       where id = ? and claim = ?`,
      [version, delay, id, claim],
    );
  }

  /** Puts a job back that failed. @param failure the name of the error. */
  async retry({ id, claim }: ClaimedJob, delay: number, failure: string): Promise<void> {
    await this.#execute(
      `update job set claim = null, claimed_until = null, failure = ?,
         run_at = now() + ? * interval '1 millisecond'
       where id = ? and claim = ?`,
      [failure, delay, id, claim],
    );
  }

  /** Lets others have a job that was cut off. */
  async release({ id, claim }: ClaimedJob): Promise<void> {
    await this.#execute(
      `update job set claim = null, claimed_until = null, attempts = greatest(attempts - 1, 0)
       where id = ? and claim = ?`,
      [id, claim],
    );
  }

  #execute<Row>(statement: string, parameters: readonly unknown[]): Promise<Row[]> {
    return this.#orm.em.fork().execute(statement, [...parameters], 'all', JOB_STATEMENT);
  }
}
