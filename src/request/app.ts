import type { MikroORM } from '@mikro-orm/postgresql';
import type { Logger } from 'pino';
import type { Config } from '../config.js';
import type { JobQueue } from '../jobs/job-queue.js';
import type { CallBudget } from '../user-pool/call-budget.js';
import type { UserPool } from '../user-pool/user-pool.js';

/** What one running server shares among its requests. Built by `src/app.ts` alone. */
export interface App {
  readonly config: Config;
  readonly log: Logger;
  readonly orm: MikroORM;
  /** The trusted pools by pool id. */
  readonly userPools: ReadonlyMap<string, UserPool>;
  /** One for each Region of the pools. */
  readonly callBudgets: readonly CallBudget[];
  /** Takes work that is not done within a request. */
  readonly jobs: JobQueue;
  /** 32 bytes, the same on every server of one database. */
  readonly cursorKey: Buffer;
}
