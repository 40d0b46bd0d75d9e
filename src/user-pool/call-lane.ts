import { setTimeout as sleep } from 'node:timers/promises';
import { AdaptiveRate } from './adaptive-rate.js';
import type { CallSlotLedger } from './call-slots.js';
import { QUOTAS, type QuotaCategory, type Urgency } from './quotas.js';

export interface CallBudgetOptions {
  /** The Region whose quotas these are. */
  readonly region: string;
  readonly slots: CallSlotLedger;
  /** How much of the quotas all servers together may use, and how much of that bulk work; 0 to 1. */
  readonly share: Readonly<Record<Urgency, number>>;
  /** Whether the pool said that there were too many calls. */
  readonly isThrottled: (error: unknown) => boolean;
}

/** What came of the calls of a category since the start. */
export interface CallCounts {
  readonly region: string;
  readonly category: QuotaCategory;
  /** Calls a second that all servers together may make. */
  readonly perSecond: number;
  /** Calls a second that this server makes just now at most where nobody waits for them. */
  readonly bulkPerSecond: number;
  readonly sent: number;
  readonly throttled: number;
  /** Of this server, now. */
  readonly waiting: number;
  readonly underWay: number;
}

interface Waiting {
  readonly send: () => Promise<void>;
  /** Settles a call that is not sent any more. */
  readonly refuse: (reason: unknown) => void;
}

/** Slots that are taken at once: a call that comes later waits behind no more than these. */
const LARGEST_TAKE = 60;

/** Milliseconds after its moment in which a slot may still be used. */
const LONGEST_DELAY = 100;

/** Milliseconds that a throttled category rests, at first and at most. */
const FIRST_REST = 250;
const LONGEST_REST = 20_000;

/** How often a throttled call is sent again before it fails. */
const RETRIES = 4;

/** The budget is closed: the server stops. */
export class BudgetClosedError extends Error {
  override readonly name = 'BudgetClosedError';
}

/** The calls of one category. */
export class CallLane {
  readonly #category: QuotaCategory;
  readonly #options: CallBudgetOptions;
  readonly #waiting: Readonly<Record<Urgency, Waiting[]>> = { interactive: [], bulk: [] };
  readonly #pumping = new Set<Urgency>();
  readonly #closed = new AbortController();
  readonly #bulkRate: AdaptiveRate;
  #sent = 0;
  #throttled = 0;
  #underWay = 0;
  /** Throttled answers since the last good one. */
  #strikes = 0;
  /** Milliseconds since the epoch. */
  #restsUntil = 0;

  constructor(category: QuotaCategory, options: CallBudgetOptions) {
    this.#category = category;
    this.#options = options;
    this.#bulkRate = new AdaptiveRate(QUOTAS[category] * options.share.bulk);
  }

  async run<T>(urgency: Urgency, send: () => Promise<T>): Promise<T> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#inTurn(urgency, send);
      } catch (error) {
        if (!this.#options.isThrottled(error)) throw error;
        await this.#rest();
        if (attempt >= RETRIES) throw error;
      }
    }
  }

  get isResting(): boolean {
    return this.#restsUntil > Date.now();
  }

  counts(): CallCounts {
    const { interactive, bulk } = this.#waiting;
    return {
      region: this.#options.region,
      category: this.#category,
      perSecond: this.#perSecond,
      bulkPerSecond: this.#bulkRate.perSecond,
      sent: this.#sent,
      throttled: this.#throttled,
      waiting: interactive.length + bulk.length,
      underWay: this.#underWay,
    };
  }

  close(): void {
    this.#closed.abort();
    const reason = new BudgetClosedError('The server stops.');
    this.#refuseAll('interactive', reason);
    this.#refuseAll('bulk', reason);
  }

  #inTurn<T>(urgency: Urgency, send: () => Promise<T>): Promise<T> {
    if (this.#closed.signal.aborted)
      return Promise.reject(new BudgetClosedError('The server stops.'));
    return new Promise<T>((resolve, refuse) => {
      this.#waiting[urgency].push({
        send: () => this.#send(urgency, send).then(resolve, refuse),
        refuse,
      });
      if (!this.#pumping.has(urgency)) void this.#pump(urgency);
    });
  }

  async #send<T>(urgency: Urgency, send: () => Promise<T>): Promise<T> {
    const call = ++this.#sent;
    this.#underWay++;
    try {
      const answer = await send();
      this.#strikes = 0;
      if (urgency === 'bulk') this.#bulkRate.answered();
      return answer;
    } catch (error) {
      if (this.#options.isThrottled(error)) this.#bulkRate.throttled(call, this.#sent);
      throw error;
    } finally {
      this.#underWay--;
    }
  }

  /** Takes slots as long as calls wait; each call is sent at its moment and not waited for. */
  async #pump(urgency: Urgency): Promise<void> {
    this.#pumping.add(urgency);
    try {
      // Calls of one moment take their slots together.
      await undefined;
      while (this.#waiting[urgency].length > 0 && !this.#closed.signal.aborted) {
        if (urgency === 'interactive') await this.#sendInteractive();
        else await this.#sendBulk();
      }
    } catch (error) {
      // Without slots nothing may be sent.
      this.#refuseAll(urgency, error);
    } finally {
      this.#pumping.delete(urgency);
    }
  }

  async #sendInteractive(): Promise<void> {
    const waiting = this.#waiting.interactive;
    const count = Math.min(waiting.length, LARGEST_TAKE);
    const { wait, interval } = await this.#options.slots.take(this.#row, count, this.#perSecond);
    const first = performance.now() + wait;
    for (let slot = 0; slot < count; slot++) {
      const moment = first + slot * interval;
      await this.#until(moment);
      // By now others may have the moments: what is left takes new ones.
      if (performance.now() > moment + LONGEST_DELAY) return;
      void waiting.shift()?.send();
    }
  }

  /**
   * Bulk work waits for its turn in a row of its own, whose pace holds nobody else up, and only then takes a slot
   * of everybody's: so each slot of either is used at its moment.
   */
  async #sendBulk(): Promise<void> {
    const { slots } = this.#options;
    const own = await slots.take(`${this.#row} bulk`, 1, this.#bulkRate.perSecond);
    await this.#until(performance.now() + own.wait);
    const { wait } = await slots.take(this.#row, 1, this.#perSecond);
    const moment = performance.now() + wait;
    await this.#until(moment);
    if (performance.now() > moment + LONGEST_DELAY) return;
    void this.#waiting.bulk.shift()?.send();
  }

  /** Lets all servers rest from the category, the longer the more often it happened; with jitter. */
  async #rest(): Promise<void> {
    this.#throttled++;
    const longest = Math.min(LONGEST_REST, FIRST_REST * 2 ** this.#strikes++);
    const rest = longest * (0.5 + Math.random() / 2);
    this.#restsUntil = Date.now() + rest;
    await this.#options.slots.pause(this.#row, rest);
  }

  async #until(moment: number): Promise<void> {
    const { signal } = this.#closed;
    const rest = Math.ceil(moment - performance.now());
    if (rest > 0) await sleep(rest, undefined, { signal, ref: false }).catch(() => undefined);
  }

  #refuseAll(urgency: Urgency, reason: unknown): void {
    for (const { refuse } of this.#waiting[urgency].splice(0)) refuse(reason);
  }

  get #perSecond(): number {
    return QUOTAS[this.#category] * this.#options.share.interactive;
  }

  get #row(): string {
    return `${this.#options.region} ${this.#category}`;
  }
}
