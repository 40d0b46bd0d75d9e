/**
 * Runs work by key so that all who ask get a run that began after they asked: one runs, one waits, and whoever
 * comes while it waits shares it.
 */
export class FreshRuns<Result> {
  readonly #running = new Map<string, Promise<Result>>();
  readonly #waiting = new Map<string, Promise<Result>>();

  run(key: string, work: () => Promise<Result>): Promise<Result> {
    const running = this.#running.get(key);
    if (running === undefined) return this.#begin(key, work);
    const waiting = this.#waiting.get(key) ?? this.#after(running, key, work);
    this.#waiting.set(key, waiting);
    return waiting;
  }

  /** Resolves when none runs or waits. */
  async settled(): Promise<void> {
    for (let runs = this.#runs; runs.length > 0; runs = this.#runs) await Promise.allSettled(runs);
  }

  get #runs(): Promise<Result>[] {
    return [...this.#running.values(), ...this.#waiting.values()];
  }

  async #after(running: Promise<Result>, key: string, work: () => Promise<Result>) {
    await running.catch(() => undefined);
    this.#waiting.delete(key);
    // One that began between the two did so after all who wait had asked.
    return this.#running.get(key) ?? this.#begin(key, work);
  }

  #begin(key: string, work: () => Promise<Result>): Promise<Result> {
    const run = work().finally(() => this.#running.delete(key));
    this.#running.set(key, run);
    return run;
  }
}
