import { PoolSweep, SWEEP } from '../directory/index.js';
import { Job } from '../jobs/index.js';
import type { App } from '../request/app.js';
import { StartError } from '../start-error.js';
import type { PoolProgress } from './progress.js';

/** Milliseconds in which a running server would have taken a job that is due. */
const TAKEN = 2_500;

/** Failures in a row after which nobody is made to watch any longer. */
const FAILURES = 5;

interface Before {
  readonly completedAt: number;
  readonly attempts: number;
}

interface Look {
  readonly pools: readonly PoolProgress[];
  /** Whether a job waits that no server takes. */
  readonly isOrphaned: boolean;
}

/** Watches the walks through pools in the database, whichever process does them. */
export class SyncWatch {
  readonly #app: App;
  /** Users by the pools' estimates. */
  readonly #estimates: ReadonlyMap<string, number>;
  readonly #before = new Map<string, Before>();
  readonly #first = new Map<string, { readonly users: number; readonly at: number }>();
  /** Milliseconds since the epoch. */
  #waitsSince: number | undefined;

  constructor(app: App, estimates: ReadonlyMap<string, number>) {
    this.#app = app;
    this.#estimates = estimates;
  }

  /** Remembers what was complete before. */
  async begin(): Promise<void> {
    const [sweeps, jobs] = await this.#rows();
    for (const poolId of this.#estimates.keys())
      this.#before.set(poolId, {
        completedAt: sweeps.get(poolId)?.completedAt?.getTime() ?? 0,
        attempts: jobs.get(poolId)?.attempts ?? 0,
      });
  }

  /** @throws StartError where a walk fails again and again. */
  async look(): Promise<Look> {
    const [sweeps, jobs] = await this.#rows();
    const pools = [...this.#estimates].map(([poolId, estimated]) =>
      this.#progress(poolId, estimated, sweeps.get(poolId)),
    );
    const open = pools.filter(({ phase }) => phase !== 'done');
    for (const { poolId } of open) this.#expectProgress(poolId, jobs.get(poolId));
    const waits = open.some(({ poolId }) => !isTaken(jobs.get(poolId)));
    this.#waitsSince = waits ? (this.#waitsSince ?? Date.now()) : undefined;
    return { pools, isOrphaned: waits && this.#isOrphaned() };
  }

  /** No other process can have the embedded database open. */
  #isOrphaned(): boolean {
    if (this.#app.config.databaseUrl === undefined) return true;
    return this.#waitsSince !== undefined && Date.now() - this.#waitsSince >= TAKEN;
  }

  #progress(poolId: string, estimated: number, sweep: PoolSweep | undefined): PoolProgress {
    const completedAt = sweep?.completedAt?.getTime() ?? 0;
    const figures = { poolId, estimated, users: 0, vanished: 0, perSecond: 0 };
    if (sweep !== undefined && completedAt > (this.#before.get(poolId)?.completedAt ?? 0)) {
      const { completedUsers: users, completedVanished: vanished } = sweep;
      return { ...figures, phase: 'done', users, vanished };
    }
    if (sweep === undefined || sweep.phase === null) return { ...figures, phase: 'waiting' };
    const { users, vanished } = sweep;
    const perSecond = this.#pace(poolId, users);
    return { ...figures, phase: phaseOf(sweep.phase), users, vanished, perSecond };
  }

  #pace(poolId: string, users: number): number {
    const now = Date.now();
    const first = this.#first.get(poolId);
    if (first === undefined || users < first.users) this.#first.set(poolId, { users, at: now });
    if (first === undefined || now <= first.at) return 0;
    return ((users - first.users) * 1000) / (now - first.at);
  }

  #expectProgress(poolId: string, job: Job | undefined): void {
    const failures = (job?.attempts ?? 0) - (this.#before.get(poolId)?.attempts ?? 0);
    if (job?.failure == null || failures < FAILURES) return;
    throw new StartError(
      `The walk through ${poolId} fails again and again (${job.failure}). A server goes on with it where it is as soon as it can; its log says what is wrong.`,
    );
  }

  async #rows() {
    const em = this.#app.orm.em.fork();
    const keys = [...this.#estimates.keys()];
    const sweeps = await em.find(PoolSweep, { poolId: { $in: keys } });
    const jobs = await em.find(Job, { kind: SWEEP, key: { $in: keys } });
    return [
      new Map(sweeps.map((sweep) => [sweep.poolId, sweep])),
      new Map(jobs.map((job) => [job.key, job])),
    ] as const;
  }
}

/** A process that was killed leaves its claim behind, which ends. */
function isTaken(job: Job | undefined): boolean {
  return job?.claimedUntil != null && job.claimedUntil.getTime() > Date.now();
}

function phaseOf(phase: NonNullable<PoolSweep['phase']>): PoolProgress['phase'] {
  return ({ GROUPS: 'groups', USERS: 'users', VANISHED: 'vanished' } as const)[phase];
}
