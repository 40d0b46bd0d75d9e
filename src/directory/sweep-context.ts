import type { EntityManager } from '@mikro-orm/postgresql';
import type { App } from '../request/app.js';
import type { UserPool } from '../user-pool/index.js';
import { unlessAborted } from './unless-aborted.js';

/** What the phases of a walk work with. */
export interface SweepContext {
  readonly app: App;
  readonly poolId: string;
  /** One of its own for each use. */
  readonly em: () => EntityManager;
  /** Asks the pool, behind all who wait for it; rejects as soon as the walk is cut off. */
  readonly ask: <Answer>(question: (pool: UserPool) => Promise<Answer>) => Promise<Answer>;
}

export function sweepContext(app: App, pool: UserPool, signal: AbortSignal): SweepContext {
  const inBulk = pool.inBulk;
  return {
    app,
    poolId: pool.id,
    em: () => app.orm.em.fork(),
    ask: async (question) => {
      signal.throwIfAborted();
      return unlessAborted(question(inBulk), signal);
    },
  };
}
