import { setTimeout as sleep } from 'node:timers/promises';
import type { EntityManager } from '@mikro-orm/postgresql';
import { LRUCache } from 'lru-cache';
import pLimit from 'p-limit';
import type { App } from '../request/app.js';
import { perApp } from '../request/per-app.js';
import type { Identity } from './identity.entity.js';
import { type MirroredProfile, mirrored } from './mirrored-profile.js';
import { writeGroups, writeProfiles } from './pool-profile-rows.js';

/** An identity with its mirror; without one where the pool could not be asked. */
export interface MirroredAccount {
  readonly identity: Identity;
  readonly mirror: MirroredProfile | undefined;
}

/** Calls to the pools at the same time, of all requests together. */
const PARALLEL_READS = 20;

/** Milliseconds that a request waits for pools; what comes later is kept for the next one. */
const READ_BUDGET = 1_500;

/** Milliseconds for which an answer, or a failure, serves those who looked before it was kept. */
const ANSWER_MEMORY = 1_000;

/** The mirror of pool attributes: fills what is missing from the pools, each account once. */
export const mirrorOf = perApp((app) => new Mirror(app));

export class Mirror {
  readonly #app: App;
  readonly #limit = pLimit(PARALLEL_READS);
  readonly #reads = new LRUCache<string, Promise<MirroredProfile>>({ max: 10_000 });
  readonly #groupReads = new LRUCache<string, Promise<readonly string[]>>({ max: 10_000 });
  readonly #background = new Set<Promise<unknown>>();

  constructor(app: App) {
    this.#app = app;
  }

  /** The accounts in the given order; those without a mirror are read from their pools within the budget. */
  async accountsOf(identities: readonly Identity[]): Promise<MirroredAccount[]> {
    const missing = identities.filter(({ poolProfile }) => !poolProfile);
    const read = missing.length === 0 ? undefined : await this.#readAll(missing);
    return identities.map((identity) => ({
      identity,
      mirror: identity.poolProfile ?? read?.get(identity.id),
    }));
  }

  /** The groups of each account that could be read within the budget, by identity id. */
  async groupsOf(
    accounts: readonly MirroredAccount[],
  ): Promise<ReadonlyMap<string, readonly string[]>> {
    const groups = new Map<string, readonly string[]>();
    const unread: Identity[] = [];
    for (const { identity, mirror } of accounts) {
      if (mirror?.groups) groups.set(identity.id, mirror.groups);
      else unread.push(identity);
    }
    if (unread.length === 0) return groups;
    const read = await this.#collect(
      unread,
      this.#groupReads,
      (identity) => this.#pool(identity).groupsOf(identity.username),
      writeGroups,
    );
    return new Map([...groups, ...read]);
  }

  /** Waits for what still runs behind answered requests. */
  async settle(): Promise<void> {
    await Promise.allSettled(this.#background);
  }

  #readAll(identities: readonly Identity[]) {
    return this.#collect(
      identities,
      this.#reads,
      async (identity) => mirrored(await this.#pool(identity).user(identity.username)),
      writeProfiles,
    );
  }

  /**
   * Reads each identity once, however many ask at the same time, in any request; keeps in the database
   * what this call began to read, in one statement for what came in time and one for the rest.
   */
  async #collect<Value>(
    identities: readonly Identity[],
    reads: LRUCache<string, Promise<Value>>,
    read: (identity: Identity) => Promise<Value>,
    write: (em: EntityManager, values: ReadonlyMap<string, Value>) => Promise<void>,
  ): Promise<ReadonlyMap<string, Value>> {
    const arrived = new Map<string, Value>();
    const toKeep = new Map<string, Value>();
    const failures: unknown[] = [];
    const keep = async () => {
      const values = new Map(toKeep);
      toKeep.clear();
      if (values.size > 0) await write(this.#app.orm.em.fork(), values);
    };
    const settled = Promise.all(
      identities.map(async (identity) => {
        const underWay = reads.get(identity.id);
        const reading = underWay ?? this.#limit(() => read(identity));
        if (underWay === undefined) reads.set(identity.id, reading);
        try {
          const value = await reading;
          arrived.set(identity.id, value);
          if (underWay === undefined) toKeep.set(identity.id, value);
        } catch (error) {
          failures.push(error);
        } finally {
          if (underWay === undefined) reads.set(identity.id, reading, { ttl: ANSWER_MEMORY });
        }
      }),
    );
    await Promise.race([settled, sleep(READ_BUDGET, undefined, { ref: false })]);
    const inTime = new Map(arrived);
    await keep();
    this.#inBackground(settled.then(keep).then(() => this.#report(failures, identities.length)));
    return inTime;
  }

  #inBackground(work: Promise<unknown>): void {
    const guarded = work
      .catch((err: unknown) => this.#app.log.error({ err }, 'the mirror could not be written'))
      .finally(() => this.#background.delete(guarded));
    this.#background.add(guarded);
  }

  #report(failures: readonly unknown[], asked: number): void {
    if (failures.length === 0) return;
    this.#app.log.warn(
      { err: failures[0], failed: failures.length, asked },
      'accounts could not be read from the pool',
    );
  }

  #pool({ poolId }: Identity) {
    const pool = this.#app.userPools.get(poolId);
    if (pool === undefined) throw new Error('The account is of a pool that is not configured.');
    return pool;
  }
}
