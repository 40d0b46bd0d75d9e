import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readConfig } from '../../src/config.js';
import { type Database, openDatabase } from '../../src/database/open.js';
import { Identity, User } from '../../src/directory/index.js';
import { mirrored } from '../../src/directory/mirrored-profile.js';
import { writeGroups, writeProfiles } from '../../src/directory/pool-profile-rows.js';
import { keepUsers } from '../../src/directory/sweep-users.js';
import { entities } from '../../src/features.js';
import type { PoolUser } from '../../src/user-pool/user-pool.js';
import { type TestDatabase, testDatabase } from '../support/database.js';

let database: TestDatabase;
let opened: Database;
beforeAll(async () => {
  database = await testDatabase();
  opened = await openDatabase({ location: database.location, entities });
});
afterAll(async () => {
  await opened.close();
  await database.drop();
});

const config = readConfig({});
const POOL = 'us-east-1_Converges';
const BEGIN = Date.parse('2026-01-01T00:00:00Z');
const USERS = [0, 1, 2] as const;
const GROUPS = ['a', 'b', 'c'] as const;

/** What happens at the pool, or is asked of it: the answer is of that moment, and is kept whenever it arrives. */
type Step =
  | { readonly kind: 'rename'; readonly user: number; readonly name: string }
  | { readonly kind: 'regroup'; readonly user: number; readonly groups: readonly string[] }
  | { readonly kind: 'read' | 'readGroups'; readonly user: number }
  /** Groups are read over all following steps until the users are. */
  | { readonly kind: 'sweepGroups' | 'sweepUsers' };

const user = fc.constantFrom(...USERS);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('rename' as const), user, name: fc.string({ maxLength: 4 }) }),
  fc.record({
    kind: fc.constant('regroup' as const),
    user,
    groups: fc.subarray([...GROUPS]),
  }),
  fc.record({ kind: fc.constantFrom('read' as const, 'readGroups' as const), user }),
  fc.record({ kind: fc.constantFrom('sweepGroups' as const, 'sweepUsers' as const) }),
);

/** Steps, and numbers that say in which order the answers arrive, some of them twice. */
const story = fc.record({
  steps: fc.array(step, { minLength: 1, maxLength: 25 }),
  arrivals: fc.array(fc.nat(), { minLength: 25, maxLength: 25 }),
  twice: fc.array(fc.boolean(), { minLength: 25, maxLength: 25 }),
});

interface Account {
  readonly name: string;
  readonly groups: readonly string[];
  readonly modifiedAt: Date;
}

/** An answer on its way. */
interface Answer {
  keep(): Promise<void>;
}

/** What was asked last of each account, and what the answer was. */
interface Asked {
  readonly at: number;
  readonly value: unknown;
}

class Story {
  readonly subjects: readonly string[];
  readonly answers: Answer[] = [];
  readonly names = new Map<number, Asked>();
  readonly groups = new Map<number, Asked>();
  readonly #ids = new Map<number, string>();
  readonly #pool = new Map<number, Account>();
  #now = BEGIN;
  #staged: { readonly at: Date; readonly groups: ReadonlyMap<number, readonly string[]> };

  constructor(number: number) {
    this.subjects = USERS.map((index) => `${number}-${index}`);
    for (const index of USERS)
      this.#pool.set(index, { name: 'first', groups: [], modifiedAt: new Date(BEGIN) });
    this.#staged = this.#readAllGroups();
  }

  /** Everybody is known, and mirrored as they were at first: groups are kept only beside attributes. */
  async begin(): Promise<void> {
    const em = opened.orm.em.fork();
    for (const index of USERS) {
      const subject = this.#subject(index);
      const identity = em.create(Identity, {
        user: em.create(User, {}),
        poolId: POOL,
        subject,
        username: subject,
      });
      this.#ids.set(index, identity.id);
    }
    await em.flush();
    for (const index of USERS) {
      this.#read(index);
      this.#readGroups(index);
    }
    for (const answer of this.answers.splice(0)) await answer.keep();
  }

  apply(step: Step): void {
    // The pool's clock has whole seconds; questions and changes may fall into one.
    this.#now += 700;
    if (step.kind === 'rename')
      this.#change(step.user, { name: step.name, modifiedAt: this.#second() });
    else if (step.kind === 'regroup') this.#change(step.user, { groups: step.groups });
    else if (step.kind === 'read') this.#read(step.user);
    else if (step.kind === 'readGroups') this.#readGroups(step.user);
    else if (step.kind === 'sweepGroups') this.#staged = this.#readAllGroups();
    else this.#readPage();
  }

  async mirror() {
    return opened.orm.em.fork().execute<{ subject: string; name: string; groups: string[] }[]>(
      `select i.subject, p.attributes->>'name' as name, p.groups from pool_profile p
       join identity i on i.id = p.identity_id
       where i.subject in (select jsonb_array_elements_text(?::jsonb)) order by i.subject`,
      [JSON.stringify(this.subjects)],
    );
  }

  #change(index: number, change: Partial<Account>): void {
    this.#pool.set(index, { ...this.#account(index), ...change });
  }

  #read(index: number): void {
    const [at, id, answer] = [new Date(this.#now), this.#id(index), this.#user(index)];
    this.#noteName(index);
    this.answers.push({
      keep: () => writeProfiles(opened.orm.em.fork(), new Map([[id, mirrored(answer, at)]])),
    });
  }

  #readGroups(index: number): void {
    const [askedAt, id, names] = [
      new Date(this.#now),
      this.#id(index),
      this.#account(index).groups,
    ];
    this.#noteGroups(index, askedAt, names);
    this.answers.push({
      keep: () => writeGroups(opened.orm.em.fork(), new Map([[id, { names, askedAt }]])),
    });
  }

  #readAllGroups() {
    const groups = new Map(USERS.map((index) => [index, this.#account(index).groups] as const));
    return { at: new Date(this.#now), groups };
  }

  /** A page of the sweep, which carries groups that were read before it. */
  #readPage(): void {
    const [at, staged] = [new Date(this.#now), this.#staged];
    const users = USERS.map((index) => this.#user(index));
    for (const index of USERS) {
      this.#noteName(index);
      this.#noteGroups(index, staged.at, staged.groups.get(index) ?? []);
    }
    this.answers.push({
      keep: () =>
        opened.orm.em.fork().transactional(async (em) => {
          const rows = USERS.flatMap((index) =>
            (staged.groups.get(index) ?? []).map((group) => [this.#subject(index), group]),
          );
          await em.execute('delete from swept_membership where pool_id = ?', [POOL]);
          for (const [subject, group] of rows)
            await em.execute('insert into swept_membership values (?, ?, ?)', [
              POOL,
              subject,
              group,
            ]);
          await keepUsers(em, { config }, { poolId: POOL, groupsReadAt: staged.at }, users, at);
        }),
    });
  }

  #noteName(index: number): void {
    this.names.set(index, { at: this.#now, value: this.#account(index).name });
  }

  #noteGroups(index: number, at: Date, names: readonly string[]): void {
    const last = this.groups.get(index);
    if (last === undefined || last.at <= at.getTime())
      this.groups.set(index, { at: at.getTime(), value: names });
  }

  #second(): Date {
    return new Date(Math.floor(this.#now / 1000) * 1000);
  }

  #user(index: number): PoolUser {
    const { name, modifiedAt } = this.#account(index);
    const subject = this.#subject(index);
    return {
      subject,
      username: subject,
      attributes: { name },
      status: 'CONFIRMED',
      enabled: true,
      createdAt: new Date(BEGIN),
      modifiedAt,
    };
  }

  #account(index: number): Account {
    return known(this.#pool.get(index));
  }

  #subject(index: number): string {
    return known(this.subjects[index]);
  }

  #id(index: number): string {
    return known(this.#ids.get(index));
  }
}

function known<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('The story is of nobody.');
  return value;
}

/** The answers in the order of their numbers, some of them twice. */
function arriving(
  answers: readonly Answer[],
  arrivals: readonly number[],
  twice: readonly boolean[],
) {
  const once = answers.map((answer, index) => ({ answer, at: arrivals[index] ?? 0 }));
  const again = once.filter((_answer, index) => twice[index]);
  return [...once, ...again.map(({ answer, at }) => ({ answer, at: (at * 31) % 1_000_003 }))]
    .sort((a, b) => a.at - b.at)
    .map(({ answer }) => answer);
}

let stories = 0;

test('whatever the order in which answers arrive, the mirror comes to what was asked for last', async () => {
  await fc.assert(
    fc.asyncProperty(story, async ({ steps, arrivals, twice }) => {
      const told = new Story(stories++);
      await told.begin();
      for (const step of steps) told.apply(step);
      for (const answer of arriving(told.answers, arrivals, twice)) await answer.keep();
      expect(await told.mirror()).toEqual(
        USERS.map((index) => ({
          subject: told.subjects[index],
          name: told.names.get(index)?.value,
          groups: told.groups.get(index)?.value,
        })),
      );
    }),
    { numRuns: 60, interruptAfterTimeLimit: 40_000, markInterruptAsFailure: false },
  );
});
