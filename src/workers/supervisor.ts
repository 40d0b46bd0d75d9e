import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { StartError } from '../start-error.js';
import { END, type Ready, ready } from './messages.js';

export interface SupervisorOptions {
  readonly count: number;
  readonly log: Logger;
}

/** Milliseconds until a worker that died is started again, at first and at most. */
const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 10_000;

/** Deaths in a row without a worker that was steady meanwhile, after which it is no use to go on. */
const MOST_DEATHS = 6;

/** Milliseconds after which a worker counts as steady. */
const STEADY = 10_000;

/** Milliseconds that workers have to end: less than this process has, more than they take to cut what is open. */
const PATIENCE = 9_800;

/** Keeps a number of workers running. */
export class Supervisor {
  readonly #count: number;
  readonly #log: Logger;
  readonly #workers = new Set<Worker>();
  readonly #closing = new AbortController();
  #deaths = 0;

  constructor({ count, log }: SupervisorOptions) {
    this.#count = count;
    this.#log = log;
  }

  /**
   * Starts one worker, which does what is done once, such as migrations, then the others. From then on those
   * that die are started again.
   * @throws WorkerStartError where one of them does not come up: it has said why.
   */
  async start(): Promise<Ready> {
    const first = await this.#begin();
    const others = Array.from({ length: this.#count - 1 }, () => this.#begin());
    await Promise.all(others);
    for (const worker of this.#workers) this.#keep(worker);
    return first;
  }

  /** Resolves when every worker has ended, by force where it takes too long. */
  async close(): Promise<void> {
    this.#closing.abort();
    const running = [...this.#workers];
    const force = setTimeout(() => {
      for (const worker of this.#workers) worker.process.kill('SIGKILL');
    }, PATIENCE);
    await Promise.all(
      running.map(async (worker) => {
        const ended = once(worker, 'exit');
        if (worker.isConnected()) worker.send(END);
        if (!worker.isDead()) await ended;
      }),
    );
    clearTimeout(force);
  }

  /** Resolves once it answers. */
  async #begin(): Promise<Ready> {
    return await isReady(this.#fork());
  }

  #fork(): Worker {
    const worker = cluster.fork();
    this.#workers.add(worker);
    this.#log.info({ worker: worker.id, pid: worker.process.pid }, 'a worker begins');
    worker.once('exit', () => this.#workers.delete(worker));
    // Told to a worker that is ending: its end is what counts.
    worker.on('error', (err) => this.#log.debug({ err }, 'a worker could not be told'));
    return worker;
  }

  #keep(worker: Worker): void {
    const { id, process } = worker;
    const steady = setTimeout(() => {
      this.#deaths = 0;
    }, STEADY).unref();
    worker.once('exit', (code, signal) => {
      clearTimeout(steady);
      if (this.#closing.signal.aborted) return;
      this.#deaths += 1;
      const pause = Math.min(FIRST_PAUSE * 2 ** (this.#deaths - 1), LONGEST_PAUSE);
      const end = { worker: id, pid: process.pid, code, signal };
      // Nobody catches it: the process ends by that, as by any error of its own.
      if (this.#deaths >= MOST_DEATHS) throw new CrashLoopError(this.#deaths, code ?? signal);
      this.#log.error({ ...end, pause }, 'a worker ended and is started again');
      void this.#replace(pause);
    });
  }

  async #replace(pause: number): Promise<void> {
    const { signal } = this.#closing;
    await sleep(pause, undefined, { signal }).catch(() => undefined);
    if (!signal.aborted) this.#keep(this.#fork());
  }
}

/** A worker did not come up when the server started; why it has written itself. */
export class WorkerStartError extends StartError {
  constructor(id: number) {
    super(`The worker ${id} did not start: see above.`);
  }
}

/** Workers die again and again. */
export class CrashLoopError extends Error {
  constructor(deaths: number, last: number | string) {
    super(
      `Workers ended ${deaths} times in a row, the last one by ${last}: see above what they say. The server ends, since starting them again does not help.`,
    );
    this.name = new.target.name;
  }
}

async function isReady(worker: Worker): Promise<Ready> {
  const { promise, resolve, reject } = Promise.withResolvers<Ready>();
  worker.on('message', (message: unknown) => {
    const { data } = ready.safeParse(message);
    if (data !== undefined) resolve(data);
  });
  worker.once('exit', () => reject(new WorkerStartError(worker.id)));
  return promise;
}
