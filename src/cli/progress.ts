import { styleText } from 'node:util';

/** How far the walk through one pool is. */
export interface PoolProgress {
  readonly poolId: string;
  readonly phase: 'waiting' | 'groups' | 'users' | 'vanished' | 'done';
  readonly users: number;
  /** By the pool's estimate. */
  readonly estimated: number;
  readonly vanished: number;
  /** Users a second, as far as this process has seen. */
  readonly perSecond: number;
}

/** Where the progress is shown. */
export interface ProgressOutput {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** Milliseconds between lines where nobody looks at a terminal. */
const PAUSE = 10_000;

const WIDTH = 20;

const PHASES = {
  waiting: 'waits for its turn',
  groups: 'reads groups',
  users: 'reads users',
  vanished: 'asks for accounts that were not met',
  done: 'done',
} as const;

/** Shows walks: on a terminal by bars that move, elsewhere by a line now and then. */
export class Progress {
  readonly #output: ProgressOutput;
  /** Lines that the next ones replace. */
  #shown = 0;
  readonly #told = new Map<string, { readonly phase: string; readonly at: number }>();

  constructor(output: ProgressOutput) {
    this.#output = output;
  }

  show(pools: readonly PoolProgress[]): void {
    if (this.#output.isTTY === true) this.#redraw(pools);
    else for (const pool of pools) this.#tell(pool);
  }

  #redraw(pools: readonly PoolProgress[]): void {
    const up = this.#shown > 0 ? `\u001b[${this.#shown}A` : '';
    const lines = pools.map((pool) => `\u001b[2K${pool.poolId}  ${bar(pool)}  ${textOf(pool)}\n`);
    this.#output.write(up + lines.join(''));
    this.#shown = pools.length;
  }

  #tell(pool: PoolProgress): void {
    const told = this.#told.get(pool.poolId);
    const now = Date.now();
    if (told?.phase === pool.phase && (pool.phase === 'done' || now - told.at < PAUSE)) return;
    this.#told.set(pool.poolId, { phase: pool.phase, at: now });
    this.#output.write(`${pool.poolId}: ${textOf(pool)}\n`);
  }
}

function bar(pool: PoolProgress): string {
  const full = Math.round(shareOf(pool) * WIDTH);
  return styleText('green', '█'.repeat(full)) + '░'.repeat(WIDTH - full);
}

function shareOf({ phase, users, estimated }: PoolProgress): number {
  if (phase === 'done' || phase === 'vanished') return 1;
  return phase === 'users' && estimated > 0 ? Math.min(1, users / estimated) : 0;
}

/** Such as `reads users, 1,200 of about 40,000 (3%), 360 a second, 2 min left`. */
function textOf(pool: PoolProgress): string {
  const { phase, users, vanished } = pool;
  if (phase === 'done') return `done, ${count(users, 'user')}, ${vanished} vanished`;
  if (phase !== 'users') return PHASES[phase];
  const percent = `${Math.floor(shareOf(pool) * 100)}%`;
  const of = `${users.toLocaleString('en')} of about ${pool.estimated.toLocaleString('en')}`;
  return [PHASES.users, `${of} (${percent})`, ...paceOf(pool)].join(', ');
}

function paceOf({ users, estimated, perSecond }: PoolProgress): string[] {
  if (perSecond <= 0) return [];
  const left = Math.max(0, estimated - users) / perSecond;
  return [`${Math.round(perSecond)} a second`, `${duration(left)} left`];
}

function duration(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  const minutes = seconds / 60;
  return minutes < 90 ? `${Math.ceil(minutes)} min` : `${(minutes / 60).toFixed(1)} h`;
}

function count(number: number, noun: string): string {
  return `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`;
}
