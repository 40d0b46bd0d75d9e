import { setTimeout as sleep } from 'node:timers/promises';
import type { MikroORM } from '@mikro-orm/postgresql';
import type { Logger } from 'pino';
import { CLAIM_DURATION, type ClaimedJob, Claims } from './claims.js';
import type { JobKind } from './job-kind.js';
import type { JobQueue, NewJob } from './job-queue.js';

export interface JobWorkerOptions {
  readonly orm: MikroORM;
  readonly queue: JobQueue;
  readonly kinds: readonly JobKind[];
  readonly log: Logger;
  readonly onFailed?: ((failure: JobFailure) => void) | undefined;
}

/** A run that failed. */
export interface JobFailure {
  readonly kind: string;
  readonly error: unknown;
  /** Runs since the last success. */
  readonly attempts: number;
  readonly isGivenUp: boolean;
}

export type RepeatedJobs = () => Promise<readonly NewJob[]>;

/** Milliseconds until a job that another server added is seen. */
const POLL = 1_000;

/** Jobs that one server runs at a time. */
const CONCURRENCY = 8;

/** Milliseconds until a job that failed runs again, at first and at most. */
const FIRST_RETRY = 500;
const LONGEST_RETRY = 30_000;

/** Another server has the job by now: this run was not heard of for too long. */
export class ClaimLostError extends Error {
  override readonly name = 'ClaimLostError';
}

/** Runs jobs of the kinds it knows, beside the workers of other servers. */
export class JobWorker {
  readonly #claims: Claims;
  readonly #queue: JobQueue;
  readonly #kinds: ReadonlyMap<string, JobKind>;
  readonly #log: Logger;
  readonly #onFailed: JobWorkerOptions['onFailed'];
  readonly #stopping = new AbortController();
  readonly #running = new Set<Promise<void>>();
  #repeated: RepeatedJobs | undefined;
  #wake = new AbortController();
  #loop: Promise<void> | undefined;

  constructor({ orm, queue, kinds, log, onFailed }: JobWorkerOptions) {
    this.#claims = new Claims(orm);
    this.#queue = queue;
    this.#kinds = new Map(kinds.map((kind) => [kind.kind, kind]));
    this.#log = log;
    this.#onFailed = onFailed;
  }

  /** @param repeated what there is to be from the first look on */
  start(repeated?: RepeatedJobs): void {
    if (this.#loop !== undefined) return;
    this.#repeated = repeated;
    const unsubscribe = this.#queue.onAdded(() => this.#wake.abort());
    this.#loop = this.#work().finally(unsubscribe);
  }

  /** Cuts off what runs, and lets other servers have it. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#wake.abort();
    await this.#loop;
    await Promise.all(this.#running);
  }

  async #work(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      // Before looking: what is added from here on is not missed.
      this.#wake = new AbortController();
      const free = CONCURRENCY - this.#running.size;
      const claimed = free > 0 ? await this.#claimed(free) : [];
      for (const job of claimed) this.#begin(job);
      if (claimed.length < free || free === 0) await this.#pause();
    }
  }

  async #claimed(most: number): Promise<ClaimedJob[]> {
    try {
      await this.#seeToRepeated();
      return await this.#claims.take([...this.#kinds.keys()], most);
    } catch (err) {
      this.#log.warn({ err }, 'jobs could not be taken from the database');
      return [];
    }
  }

  async #seeToRepeated(): Promise<void> {
    if (this.#repeated === undefined) return;
    await this.#queue.ensure(...(await this.#repeated()));
    this.#repeated = undefined;
  }

  async #pause(): Promise<void> {
    if (this.#stopping.signal.aborted) return;
    await sleep(POLL, undefined, { signal: this.#wake.signal, ref: false }).catch(() => undefined);
  }

  #begin(job: ClaimedJob): void {
    const running = this.#run(job)
      .catch((err: unknown) => this.#log.warn({ err, kind: job.kind }, 'a job could not be kept'))
      .finally(() => {
        this.#running.delete(running);
        this.#wake.abort();
      });
    this.#running.add(running);
  }

  async #run(job: ClaimedJob): Promise<void> {
    const kind = this.#kinds.get(job.kind);
    if (kind === undefined) return this.#claims.release(job);
    const lost = new AbortController();
    const heartbeat = setInterval(() => void this.#extend(job, lost), CLAIM_DURATION / 4).unref();
    try {
      await kind.run(job.payload, AbortSignal.any([this.#stopping.signal, lost.signal]));
    } catch (error) {
      return this.#failed(job, kind, error);
    } finally {
      clearInterval(heartbeat);
    }
    if (kind.every === undefined) return this.#claims.complete(job);
    return this.#claims.repeat(job, kind.every);
  }

  async #extend(job: ClaimedJob, lost: AbortController): Promise<void> {
    try {
      if (!(await this.#claims.extend(job))) lost.abort(new ClaimLostError());
    } catch (err) {
      // The database is away: the claim ends by itself, should that last.
      this.#log.warn({ err, kind: job.kind }, 'the claim on a job could not be extended');
    }
  }

  async #failed(job: ClaimedJob, { kind, maxAttempts }: JobKind, error: unknown): Promise<void> {
    if (this.#stopping.signal.aborted) return this.#claims.release(job);
    const { attempts } = job;
    const isGivenUp = maxAttempts !== undefined && attempts >= maxAttempts;
    this.#onFailed?.({ kind, error, attempts, isGivenUp });
    if (isGivenUp) {
      this.#log.error({ err: error, kind, attempts }, 'a job was given up');
      return this.#claims.complete(job);
    }
    this.#log.warn({ err: error, kind, attempts }, 'a job failed and will run again');
    const longest = Math.min(LONGEST_RETRY, FIRST_RETRY * 2 ** (attempts - 1));
    const delay = longest * (0.5 + Math.random() / 2);
    return this.#claims.retry(job, delay, error instanceof Error ? error.name : 'unknown');
  }
}
