import { LRUCache } from 'lru-cache';
import type { AccessToken } from '../auth/access-token.js';
import type { App } from '../request/app.js';
import { perApp } from '../request/per-app.js';
import { Readings } from './readings.js';
import type { SignIn } from './sign-in.js';
import { viewerChangesOf } from './viewer-changes.js';

/** Sign-ins that are remembered. */
const REMEMBERED = 10_000;

/** Reads of one sign-in that changes ever anew meanwhile. */
const MOST_READS = 5;

/** The sign-ins that this server has looked up, for as long as nothing is known to have changed about them. */
export const viewerMemoryOf = perApp((app) => new ViewerMemory(app));

export class ViewerMemory {
  readonly #changes: ReturnType<typeof viewerChangesOf>;
  readonly #signIns: LRUCache<string, SignIn>;
  readonly #keysByUser = new Map<string, Set<string>>();
  readonly #readings = new Readings();
  /** How often a sign-in was looked for, and was remembered, or not. */
  readonly lookups = { hit: 0, miss: 0 };

  constructor(app: App, max = REMEMBERED) {
    this.#signIns = new LRUCache({ max, dispose: ({ userId }, key) => this.#unlink(userId, key) });
    this.#changes = viewerChangesOf(app);
    this.#changes.subscribe({
      changed: (userIds) => this.#forget(userIds),
      lost: () => this.#forgetAll(),
    });
  }

  /** How many sign-ins are remembered. */
  get size(): number {
    return this.#signIns.size;
  }

  /** Undefined where it is not known, or changes may have been missed. */
  recall(token: AccessToken): SignIn | undefined {
    const known = this.#changes.isCurrent ? this.#signIns.get(keyOf(token)) : undefined;
    this.lookups[known === undefined ? 'miss' : 'hit']++;
    return known;
  }

  /**
   * Looks a sign-in up, again where it was changed meanwhile.
   * @param isLasting whether it may be remembered
   */
  async learn<Found extends SignIn | undefined>(
    token: AccessToken,
    look: () => Promise<Found>,
    isLasting: (signIn: SignIn) => boolean,
  ): Promise<Found> {
    for (let reads = 1; ; reads++) {
      const isCurrent = this.#changes.isCurrent;
      const { signIn, isOutdated } = await this.#readings.during(async (reading) => {
        const found = await look();
        return {
          signIn: found,
          isOutdated: found !== undefined && reading.isOutdated(found.userId),
        };
      });
      if (signIn === undefined) return signIn;
      if (isOutdated && this.#changes.isCurrent && reads < MOST_READS) continue;
      if (isCurrent && !isOutdated && isLasting(signIn)) this.#keep(token, signIn);
      return signIn;
    }
  }

  /** Takes the newer moment into what is remembered. */
  seen(token: AccessToken, seenAt: number): void {
    const known = this.#signIns.peek(keyOf(token));
    if (known !== undefined) this.#keep(token, { ...known, seenAt });
  }

  #keep(token: AccessToken, signIn: SignIn): void {
    const key = keyOf(token);
    this.#signIns.set(key, signIn);
    const keys = this.#keysByUser.get(signIn.userId) ?? new Set();
    this.#keysByUser.set(signIn.userId, keys.add(key));
  }

  #unlink(userId: string, key: string): void {
    const keys = this.#keysByUser.get(userId);
    keys?.delete(key);
    if (keys?.size === 0) this.#keysByUser.delete(userId);
  }

  #forget(userIds: readonly string[]): void {
    for (const userId of userIds)
      for (const key of [...(this.#keysByUser.get(userId) ?? [])]) this.#signIns.delete(key);
    this.#readings.changed(userIds);
  }

  #forgetAll(): void {
    this.#signIns.clear();
    this.#readings.lost();
  }
}

function keyOf({ poolId, subject, originJti }: AccessToken): string {
  return `${poolId} ${subject} ${originJti ?? ''}`;
}
