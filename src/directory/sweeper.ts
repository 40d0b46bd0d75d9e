import { EventEmitter, once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { JOB_STATEMENT, type JobKind, type NewJob } from '../jobs/index.js';
import type { App } from '../request/app.js';
import { perApp } from '../request/per-app.js';
import { PageTokenRefusedError, type UserPool } from '../user-pool/index.js';
import { PoolSweep, SweepPhase } from './pool-sweep.entity.js';
import { type SweepContext, sweepContext } from './sweep-context.js';
import { walkGroups } from './sweep-groups.js';
import { beginWalk, completeWalk, restartPhase, type Walk, walkUnderWay } from './sweep-state.js';
import { walkUsers } from './sweep-users.js';
import { walkVanished } from './sweep-vanished.js';

/** The kind of job that walks through a pool; its key is the pool's id. */
export const SWEEP = 'sweep';

/** Milliseconds until a walk that another server has completed is seen. */
const LOOK = 1_000;

const payload = z.object({ poolId: z.string() });

/** Fills and corrects the directory and the mirror by walking through the pools. */
export const sweeperOf = perApp((app) => new Sweeper(app));

export class Sweeper {
  readonly #app: App;
  readonly #events = new EventEmitter();

  constructor(app: App) {
    this.#app = app;
  }

  /** One walk at a time for each pool, whichever server has the job; one that was cut off goes on where it was. */
  get jobs(): readonly JobKind[] {
    const { syncInterval } = this.#app.config;
    return [
      {
        kind: SWEEP,
        ...(syncInterval !== undefined && { every: syncInterval }),
        run: async (given, signal) => {
          const pool = this.#app.userPools.get(payload.parse(given).poolId);
          // A pool that was configured once, or is so on other servers.
          if (pool !== undefined) await this.#sweep(pool, signal);
        },
      },
    ];
  }

  /** A walk through each pool, an interval after the last walk's end. */
  async due(): Promise<readonly NewJob[]> {
    const { config, orm, userPools } = this.#app;
    const { syncInterval } = config;
    if (syncInterval === undefined) return [];
    const sweeps = await orm.em.fork().find(PoolSweep, {}, { logging: JOB_STATEMENT });
    const lastEnds = new Map(
      sweeps.map(({ poolId, phase, completedAt }) => [poolId, phase === null ? completedAt : null]),
    );
    return [...userPools.keys()].map((poolId) => {
      const lastEnd = lastEnds.get(poolId) ?? null;
      const delay = lastEnd === null ? 0 : lastEnd.getTime() + syncInterval - Date.now();
      return sweepJob(poolId, Math.max(0, delay));
    });
  }

  /** Asks for a walk now, unless one is under way. */
  async hurry(poolIds: Iterable<string>): Promise<void> {
    await this.#app.jobs.ensure(...[...poolIds].map((poolId) => sweepJob(poolId, 0)));
  }

  /** Settles when each pool has been walked through once, by any server, or the signal is aborted. */
  async filled(signal: AbortSignal): Promise<void> {
    while (!signal.aborted && !(await this.#isFilled())) {
      const ended = new AbortController();
      const either = AbortSignal.any([signal, ended.signal]);
      await Promise.race([
        once(this.#events, 'completed', { signal: either }),
        sleep(LOOK, undefined, { signal: either, ref: false }),
      ]).catch(() => undefined);
      ended.abort();
    }
  }

  async #isFilled(): Promise<boolean> {
    const { orm, userPools, log } = this.#app;
    const completed = { poolId: { $in: [...userPools.keys()] }, completedAt: { $ne: null } };
    try {
      const filled = await orm.em.fork().count(PoolSweep, completed, { logging: JOB_STATEMENT });
      return filled === userPools.size;
    } catch (err) {
      log.warn({ err }, 'the database does not tell whether the directory was filled');
      return false;
    }
  }

  async #sweep(pool: UserPool, signal: AbortSignal): Promise<void> {
    const context = sweepContext(this.#app, pool, signal);
    let walk =
      (await walkUnderWay(context.em(), pool.id)) ?? (await beginWalk(context.em(), pool.id));
    if (walk.phase === SweepPhase.GROUPS) walk = await this.#inPhase(walkGroups, walk, context);
    if (walk.phase === SweepPhase.USERS) walk = await this.#inPhase(walkUsers, walk, context);
    walk = await walkVanished(walk, context);
    await completeWalk(context.em(), walk);
    const { users, vanished, startedAt } = walk;
    const seconds = Math.round((Date.now() - startedAt.getTime()) / 1000);
    this.#app.log.info(
      { poolId: pool.id, users, vanished, seconds },
      'the pool was walked through',
    );
    this.#events.emit('completed');
  }

  /** A list that the pool does not continue begins anew, with the next run of the job and its pause. */
  async #inPhase(
    walkPhase: (walk: Walk, context: SweepContext) => Promise<Walk>,
    walk: Walk,
    context: SweepContext,
  ): Promise<Walk> {
    try {
      return await walkPhase(walk, context);
    } catch (error) {
      if (!(error instanceof PageTokenRefusedError)) throw error;
      const { poolId, phase } = walk;
      this.#app.log.warn(
        { poolId, phase },
        'the pool does not continue its list, which begins anew',
      );
      const current = await walkUnderWay(context.em(), poolId);
      if (current !== undefined) await restartPhase(context.em(), current);
      throw error;
    }
  }
}

/** @param delay milliseconds until it is due */
function sweepJob(poolId: string, delay: number): NewJob {
  return { kind: SWEEP, key: poolId, payload: { poolId }, delay };
}
