import { type CallBudgetOptions, type CallCounts, CallLane } from './call-lane.js';
import { QUOTAS, type QuotaCategory, type Urgency } from './quotas.js';

export type { CallBudgetOptions, CallCounts } from './call-lane.js';

/** Sends calls to the pools of one Region within its quotas: what somebody waits for before bulk work. */
export class CallBudget {
  readonly #lanes: ReadonlyMap<QuotaCategory, CallLane>;

  constructor(options: CallBudgetOptions) {
    const categories = Object.keys(QUOTAS) as QuotaCategory[]; // the keys of a constant, as it is written
    this.#lanes = new Map(
      categories.map((category) => [category, new CallLane(category, options)]),
    );
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
