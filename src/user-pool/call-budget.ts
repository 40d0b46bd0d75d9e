import { setTimeout as sleep } from 'node:timers/promises';
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
const LARGEST_TAKE: Readonly<Record<Urgency, number>> = { interactive: 60, bulk: 2 };

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

/** Sends calls to the pools of one Region within its quotas: what somebody waits for before bulk work. */
export class CallBudget {
  readonly #lanes: ReadonlyMap<QuotaCategory, Lane>;

  constructor(options: CallBudgetOptions) {
    const categories = Object.keys(QUOTAS) as QuotaCategory[]; // the keys of a constant, as it is written
    this.#lanes = new Map(categories.map((category) => [category, new Lane(category, options)]));
  }

  /** Sends a call when it is its turn, and again while it is throttled. Rejects as the call does. */
  run<T>(category: QuotaCategory, urgency: Urgency, send: () => Promise<T>): Promise<T> {
    const lane = this.#lanes.get(category);
    if (lane === undefined) throw new TypeError(`There is no category ${category}.`);
    return lane.run(urgency, send);
  }

  /** Whether a category rests because its calls were too many. */
  get isResting(): boolean {
    return [...this.#lanes.values()].some(({ isResting }) => isResting);
  }

  counts(): CallCounts[] {
    return [...this.#lanes.values()].map((lane) => lane.counts());
  }

  close(): void {
    for (const lane of this.#lanes.values()) lane.close();
  }
}

/** The calls of one category. */
class Lane {
  readonly #category: QuotaCategory;
  readonly #options: CallBudgetOptions;
  readonly #waiting: Readonly<Record<Urgency, Waiting[]>> = { interactive: [], bulk: [] };
  readonly #closed = new AbortController();
  #isPumping = false;
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
      perSecond: this.#rate('interactive'),
      sent: this.#sent,
      throttled: this.#throttled,
      waiting: interactive.length + bulk.length,
      underWay: this.#underWay,
    };
  }

  close(): void {
    this.#closed.abort();
    this.#refuseAll(new BudgetClosedError('The server stops.'));
  }

  #inTurn<T>(urgency: Urgency, send: () => Promise<T>): Promise<T> {
    if (this.#closed.signal.aborted)
      return Promise.reject(new BudgetClosedError('The server stops.'));
    return new Promise<T>((resolve, refuse) => {
      this.#waiting[urgency].push({ send: () => this.#send(send).then(resolve, refuse), refuse });
      if (!this.#isPumping) void this.#pump();
    });
  }

  async #send<T>(send: () => Promise<T>): Promise<T> {
    this.#sent++;
    this.#underWay++;
    try {
      const answer = await send();
      this.#strikes = 0;
      return answer;
    } finally {
      this.#underWay--;
    }
  }

  /** Takes slots as long as calls wait; each call is sent at its moment and not waited for. */
  async #pump(): Promise<void> {
    this.#isPumping = true;
    try {
      // Calls of one moment take their slots together.
      await undefined;
      for (let next = this.#next(); next !== undefined; next = this.#next()) {
        const { urgency, count } = next;
        const { wait, interval } = await this.#take(urgency, count);
        const first = performance.now() + wait;
        for (let slot = 0; slot < count; slot++) {
          const moment = first + slot * interval;
          await this.#until(moment);
          // By now others may have the moments: what is left takes new ones.
          if (performance.now() > moment + LONGEST_DELAY) break;
          // Whoever came meanwhile and is waited for goes first: a slot is a slot.
          const call = this.#waiting.interactive.shift() ?? this.#waiting[urgency].shift();
          if (call === undefined) break;
          void call.send();
        }
      }
    } catch (error) {
      // Without slots nothing may be sent.
      this.#refuseAll(error);
    } finally {
      this.#isPumping = false;
    }
  }

  #next(): { urgency: Urgency; count: number } | undefined {
    if (this.#closed.signal.aborted) return undefined;
    for (const urgency of ['interactive', 'bulk'] as const) {
      const { length } = this.#waiting[urgency];
      if (length > 0) return { urgency, count: Math.min(length, LARGEST_TAKE[urgency]) };
    }
    return undefined;
  }

  /** Bulk work has a row of slots of its own, and takes from everybody's too. */
  async #take(urgency: Urgency, count: number) {
    const { slots } = this.#options;
    const all = await slots.take(this.#row, count, this.#rate('interactive'));
    if (urgency === 'interactive') return all;
    const own = await slots.take(`${this.#row} bulk`, count, this.#rate('bulk'));
    return {
      wait: Math.max(all.wait, own.wait),
      interval: Math.max(all.interval, own.interval),
    };
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

  #refuseAll(reason: unknown): void {
    const { interactive, bulk } = this.#waiting;
    for (const { refuse } of [...interactive.splice(0), ...bulk.splice(0)]) refuse(reason);
  }

  #rate(urgency: Urgency): number {
    return QUOTAS[this.#category] * this.#options.share[urgency];
  }

  get #row(): string {
    return `${this.#options.region} ${this.#category}`;
  }
}
