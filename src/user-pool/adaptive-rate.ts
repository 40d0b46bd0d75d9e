/** Of the full rate; less would stop the work for good, since only its own good answers raise the rate. */
const LOWEST = 1 / 64;

/** Good answers from half of the full rate back to all of it. */
const RECOVERY = 50;

/**
 * The rate of work that nobody waits for (additive increase, multiplicative decrease): half as fast after each
 * burst of throttled answers, and slowly back with good ones. Others of the account may use the same quota, so
 * that its share alone does not tell how much there is room for.
 */
export class AdaptiveRate {
  readonly #full: number;
  #now: number;
  /** Calls that were sent when the rate was last halved. */
  #halvedAt = 0;

  /** @param full calls a second that it never exceeds. */
  constructor(full: number) {
    this.#full = full;
    this.#now = full;
  }

  /** Calls a second. */
  get perSecond(): number {
    return this.#now;
  }

  /**
   * Takes note of a throttled answer; those to calls of before the last halving tell nothing new.
   * @param call which one of all calls it was, counted from 1
   * @param sent how many calls there were by now
   */
  throttled(call: number, sent: number): void {
    if (call <= this.#halvedAt) return;
    this.#halvedAt = sent;
    this.#now = Math.max(this.#full * LOWEST, this.#now / 2);
  }

  answered(): void {
    this.#now = Math.min(this.#full, this.#now + this.#full / 2 / RECOVERY);
  }
}
