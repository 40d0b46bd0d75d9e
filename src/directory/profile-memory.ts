import { LRUCache } from 'lru-cache';
import type { App } from '../request/app.js';
import { perApp } from '../request/per-app.js';
import type { Profile } from './profile.js';
import { Readings } from './readings.js';
import { viewerChangesOf } from './viewer-changes.js';

/** People whose profiles are remembered. */
const REMEMBERED = 10_000;

/** The profiles that this server has read, while they are fresh and nothing is known to have changed about them. */
export const profileMemoryOf = perApp((app) => new ProfileMemory(app));

class ProfileMemory {
  readonly #maxAge: number;
  readonly #changes: ReturnType<typeof viewerChangesOf>;
  readonly #profiles = new LRUCache<string, Profile>({ max: REMEMBERED });
  readonly #readings = new Readings();
  /** How often a profile was looked for, and was remembered, or not. */
  readonly lookups = { hit: 0, miss: 0 };

  constructor(app: App) {
    this.#maxAge = app.config.profileMaxAge;
    this.#changes = viewerChangesOf(app);
    this.#changes.subscribe({
      changed: (userIds) => {
        for (const userId of userIds) this.#profiles.delete(userId);
        this.#readings.changed(userIds);
      },
      lost: () => {
        this.#profiles.clear();
        this.#readings.lost();
      },
    });
  }

  /** How many profiles are remembered. */
  get size(): number {
    return this.#profiles.size;
  }

  /** Undefined where it is not known, is not fresh any more, or changes may have been missed. */
  recall(userId: string): Profile | undefined {
    const known = this.#changes.isCurrent ? this.#profiles.get(userId) : undefined;
    const profile = known !== undefined && this.#isFresh(known) ? known : undefined;
    this.lookups[profile === undefined ? 'miss' : 'hit']++;
    return profile;
  }

  /** Reads profiles and remembers those that are fresh and did not change meanwhile. */
  learn(read: () => Promise<readonly Profile[]>): Promise<readonly Profile[]> {
    const isCurrent = this.#changes.isCurrent;
    return this.#readings.during(async (reading) => {
      const profiles = await read();
      if (!isCurrent) return profiles;
      for (const profile of profiles) {
        if (!profile.stale && !reading.isOutdated(profile.userId))
          this.#profiles.set(profile.userId, profile);
      }
      return profiles;
    });
  }

  /** Reads it anew the next time, such as after it was written here. */
  forget(userId: string): void {
    this.#profiles.delete(userId);
    this.#readings.changed([userId]);
  }

  #isFresh({ syncedAt }: Profile): boolean {
    return syncedAt !== null && Date.now() - syncedAt.getTime() < this.#maxAge;
  }
}
