import { setTimeout as sleep } from 'node:timers/promises';
import type { EntityManager } from '@mikro-orm/postgresql';
import { LRUCache } from 'lru-cache';
import type { App } from '../request/app.js';
import { perApp } from '../request/per-app.js';
import { PoolUserNotFoundError, type UserPool } from '../user-pool/index.js';
import type { AccountIdentity, AccountRow } from './account-rows.js';
import { forget } from './forget.js';
import { type MirroredProfile, mirrored } from './mirrored-profile.js';
import { poolOf } from './pool-of.js';
import { type ReadGroups, writeGroups, writeProfiles } from './pool-profile-rows.js';

/** An identity with its mirror; without one where the pool could not be asked in time. */
export interface MirroredAccount {
  readonly identity: AccountIdentity;
  readonly mirror: MirroredProfile | undefined;
  /** Whether the mirror is younger than `PROFILE_MAX_AGE`. */
  readonly isFresh: boolean;
}

/** Milliseconds for which an answer, or a failure, serves those who looked before it was kept. */
const ANSWER_MEMORY = 1_000;

/**
 * The mirror of pool attributes. What is fresh is served; what is stale is served too, and read anew behind
 * the answer; what is missing is read first, within a time budget.
 */
export const mirrorOf = perApp((app) => new Mirror(app));

export class Mirror {
  readonly #app: App;
  readonly #reads = new LRUCache<string, Promise<MirroredProfile>>({ max: 10_000 });
  readonly #groupReads = new LRUCache<string, Promise<ReadGroups>>({ max: 10_000 });
  readonly #background = new Set<Promise<unknown>>();
  /** How many accounts were looked at, by what the mirror had of them. */
  readonly lookups = {
    profiles: { fresh: 0, stale: 0, missing: 0 },
    groups: { fresh: 0, stale: 0, missing: 0 },
  };

  constructor(app: App) {
    this.#app = app;
  }

  /** The accounts in the given order; those without a mirror are read from their pools within the budget. */
  async accountsOf(rows: readonly AccountRow[]): Promise<MirroredAccount[]> {
    const accounts = this.kept(rows);
    const missing = identitiesOf(accounts.filter(({ mirror }) => mirror === undefined));
    const stale = identitiesOf(accounts.filter(({ mirror, isFresh }) => mirror && !isFresh));
    count(this.lookups.profiles, { all: accounts, stale, missing });
    if (stale.length > 0) void this.#readAll(stale, 0);
    if (missing.length === 0) return accounts;
    const read = await this.#readAll(missing, this.#app.config.profileReadBudget);
    return this.kept(
      rows.map(({ identity, mirror }) => ({ identity, mirror: mirror ?? read.get(identity.id) })),
    );
  }

  /** The accounts in the given order, as the mirror has them: no pool is asked, not even behind the answer. */
  kept(rows: readonly AccountRow[]): MirroredAccount[] {
    return rows.map(({ identity, mirror }) => ({
      identity,
      mirror,
      isFresh: this.#isFresh(mirror?.attributesReadAt),
    }));
  }

  /** The groups of each account that are known or could be read within the budget, by identity id. */
  async groupsOf(
    accounts: readonly MirroredAccount[],
  ): Promise<ReadonlyMap<string, readonly string[]>> {
    const known = new Map<string, readonly string[]>();
    const stale: AccountIdentity[] = [];
    const missing: AccountIdentity[] = [];
    for (const { identity, mirror } of accounts) {
      if (!mirror?.groups) missing.push(identity);
      else {
        known.set(identity.id, mirror.groups);
        if (!this.#isFresh(mirror.groupsReadAt)) stale.push(identity);
      }
    }
    count(this.lookups.groups, { all: accounts, stale, missing });
    if (stale.length > 0) void this.#readAllGroups(stale, 0);
    if (missing.length === 0) return known;
    const read = await this.#readAllGroups(missing, this.#app.config.profileReadBudget);
    return new Map([...known, ...[...read].map(([id, { names }]) => [id, names] as const)]);
  }

  /** Waits for what still runs behind answered requests. */
  async settle(): Promise<void> {
    await Promise.allSettled(this.#background);
  }

  /** Lets go of recent answers, where the database was put back to before them. */
  forgetAnswers(): void {
    this.#reads.clear();
    this.#groupReads.clear();
  }

  #isFresh(readAt: Date | null | undefined): boolean {
    return readAt != null && Date.now() - readAt.getTime() < this.#app.config.profileMaxAge;
  }

  #readAll(identities: readonly AccountIdentity[], budget: number) {
    return this.#collect(identities, budget, this.#reads, readProfile, writeProfiles);
  }

  #readAllGroups(identities: readonly AccountIdentity[], budget: number) {
    return this.#collect(identities, budget, this.#groupReads, readGroups, writeGroups);
  }

  /**
   * Reads each identity once, however many ask at the same time, in any request; keeps in the database
   * what this call began to read, in one statement for what came in time and one for the rest.
   */
  async #collect<Value>(
    identities: readonly AccountIdentity[],
    budget: number,
    reads: LRUCache<string, Promise<Value>>,
    read: (identity: AccountIdentity, pool: UserPool) => Promise<Value>,
    write: (em: EntityManager, values: ReadonlyMap<string, Value>) => Promise<void>,
  ): Promise<ReadonlyMap<string, Value>> {
    const arrived = new Map<string, Value>();
    const toKeep = new Map<string, Value>();
    const failures: unknown[] = [];
    const gone: AccountIdentity[] = [];
    const keep = async () => {
      const values = new Map(toKeep);
      toKeep.clear();
      if (values.size > 0) await write(this.#app.orm.em.fork(), values);
    };
    const settled = Promise.all(
      identities.map(async (identity) => {
        const underWay = reads.get(identity.id);
        // A pool that is not configured any more is as one out of reach.
        const reading = underWay ?? this.#asked(identity, read);
        if (underWay === undefined) reads.set(identity.id, reading);
        try {
          const value = await reading;
          arrived.set(identity.id, value);
          if (underWay === undefined) toKeep.set(identity.id, value);
        } catch (error) {
          if (error instanceof PoolUserNotFoundError) gone.push(identity);
          else failures.push(error);
        } finally {
          if (underWay === undefined) reads.set(identity.id, reading, { ttl: ANSWER_MEMORY });
        }
      }),
    );
    if (budget > 0) await Promise.race([settled, sleep(budget, undefined, { ref: false })]);
    const inTime = new Map(arrived);
    await keep();
    this.#inBackground(
      settled.then(keep).then(async () => {
        if (gone.length > 0) await forget(this.#app, gone);
        this.#report(failures, identities.length);
      }),
    );
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

  async #asked<Value>(
    identity: AccountIdentity,
    read: (identity: AccountIdentity, pool: UserPool) => Promise<Value>,
  ): Promise<Value> {
    return read(identity, poolOf(this.#app, identity.poolId));
  }
}

function identitiesOf(accounts: readonly MirroredAccount[]): AccountIdentity[] {
  return accounts.map(({ identity }) => identity);
}

interface Looked {
  readonly all: { readonly length: number };
  readonly stale: { readonly length: number };
  readonly missing: { readonly length: number };
}

function count(
  lookups: { fresh: number; stale: number; missing: number },
  { all, stale, missing }: Looked,
): void {
  lookups.fresh += all.length - stale.length - missing.length;
  lookups.stale += stale.length;
  lookups.missing += missing.length;
}

/** @throws PoolUserNotFoundError also where the user name is another's by now, PoolUnavailableError */
export async function readProfile(
  { username, subject }: Pick<AccountIdentity, 'username' | 'subject'>,
  pool: UserPool,
): Promise<MirroredProfile> {
  const askedAt = new Date();
  const user = await pool.user(username);
  if (user.subject !== subject) throw new PoolUserNotFoundError();
  return mirrored(user, askedAt);
}

/** @throws PoolUserNotFoundError, PoolUnavailableError */
export async function readGroups(
  { username }: Pick<AccountIdentity, 'username'>,
  pool: UserPool,
): Promise<ReadGroups> {
  const askedAt = new Date();
  return { names: await pool.groupsOf(username), askedAt };
}
