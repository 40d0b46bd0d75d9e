import { LRUCache } from 'lru-cache';
import type { App } from '../request/app.js';
import { perApp } from '../request/per-app.js';
import { PoolUserNotFoundError } from '../user-pool/index.js';
import { refreshAccount } from './account-refresh.js';
import { Identity } from './identity.entity.js';

/** Milliseconds until an account is asked about again. */
const PAUSE = 5_000;

/** Asks the pool about accounts whose token and mirror tell of different groups. */
export const groupCheckOf = perApp((app) => new GroupCheck(app));

class GroupCheck {
  readonly #app: App;
  readonly #asked = new LRUCache<string, true>({ max: 10_000, ttl: PAUSE });
  readonly #underWay = new Map<string, Promise<void>>();

  constructor(app: App) {
    this.#app = app;
  }

  /** Begins to ask, unless that was just done. Does not reject; undefined where there is nothing to wait for. */
  ask(identityId: string): Promise<void> | undefined {
    const underWay = this.#underWay.get(identityId);
    if (underWay !== undefined || this.#asked.has(identityId)) return underWay;
    this.#asked.set(identityId, true);
    const check = this.#check(identityId).finally(() => this.#underWay.delete(identityId));
    this.#underWay.set(identityId, check);
    return check;
  }

  /** Waits for what is under way. */
  async settle(): Promise<void> {
    await Promise.all(this.#underWay.values());
  }

  /** Asks about every account again, where the database was put back. */
  forgetAsked(): void {
    this.#asked.clear();
  }

  async #check(identityId: string): Promise<void> {
    try {
      const identity = await this.#app.orm.em.fork().findOne(Identity, { id: identityId });
      if (identity !== null) await refreshAccount(this.#app, identity, 'waitedFor');
    } catch (err) {
      // It is forgotten by now.
      if (err instanceof PoolUserNotFoundError) return;
      this.#app.log.warn({ err }, 'groups of a token could not be confirmed yet');
    }
  }
}
