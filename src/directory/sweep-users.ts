import { DeadlockException, UniqueConstraintViolationException } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { App } from '../request/app.js';
import type { PoolUser } from '../user-pool/index.js';
import { Identity } from './identity.entity.js';
import { mirrored } from './mirrored-profile.js';
import { type SweptAccount, writeAccounts } from './pool-profile-rows.js';
import { SweepPhase } from './pool-sweep.entity.js';
import type { SweepContext } from './sweep-context.js';
import { advance, type Walk } from './sweep-state.js';
import { User } from './user.entity.js';

/** How often a page is kept anew because somebody else wrote of its users at the same time. */
const TRIES = 5;

/** Reads everybody's attributes, page by page; each page is kept with how far the walk is. */
export async function walkUsers(walk: Walk, { app, em, ask }: SweepContext): Promise<Walk> {
  let current = walk;
  do {
    const { next } = current;
    const askedAt = new Date();
    const page = await ask((pool) => pool.page(next ?? undefined));
    const changes = {
      next: page.next ?? null,
      users: current.users + page.users.length,
      pages: current.pages + 1,
      ...(page.next === undefined && { phase: SweepPhase.VANISHED }),
    };
    const from = current;
    current = await unlessDisturbed(() =>
      em().transactional(async (transaction) => {
        const advanced = await advance(transaction, from, changes);
        await keepUsers(transaction, app, from, page.users, askedAt);
        return advanced;
      }),
    );
  } while (current.phase === SweepPhase.USERS);
  return current;
}

/**
 * A first sign-in may make one of the identities at the same time, and the mirror may keep some of the page's
 * accounts in another order: then the page is kept anew, and finds what is there.
 */
async function unlessDisturbed<T>(keep: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await keep();
    } catch (error) {
      if (!isDisturbance(error) || tries >= TRIES) throw error;
    }
  }
}

function isDisturbance(error: unknown): boolean {
  return error instanceof UniqueConstraintViolationException || error instanceof DeadlockException;
}

/**
 * Makes the users that are new, unless it may not, and mirrors attributes and groups, each unless younger ones
 * are kept. The number of statements does not depend on the number of users.
 */
export async function keepUsers(
  em: EntityManager,
  app: Pick<App, 'config'>,
  { poolId, groupsReadAt }: Pick<Walk, 'poolId' | 'groupsReadAt'>,
  users: readonly PoolUser[],
  askedAt: Date,
): Promise<void> {
  if (users.length === 0) return;
  const subjects = users.map(({ subject }) => subject);
  const ids = await identityIds(em, poolId, subjects);
  const unknown = users.filter(({ subject }) => !ids.has(subject));
  if (unknown.length > 0 && app.config.userProvisioning === 'create') {
    for (const { subject, username } of unknown) {
      const user = em.create(User, {});
      const { id } = em.create(Identity, { user, poolId, subject, username });
      ids.set(subject, id);
    }
    await em.flush();
  }
  const memberships = await stagedGroups(em, poolId, subjects);
  const accounts = new Map<string, SweptAccount>();
  for (const user of users) {
    const id = ids.get(user.subject);
    if (id === undefined) continue;
    const names = memberships.get(user.subject) ?? [];
    accounts.set(id, {
      profile: mirrored(user, askedAt),
      groups: { names, askedAt: groupsReadAt },
    });
  }
  if (accounts.size > 0) await writeAccounts(em, accounts);
}

async function identityIds(em: EntityManager, poolId: string, subjects: readonly string[]) {
  const known = await em.find(
    Identity,
    { poolId, subject: { $in: [...subjects] } },
    { fields: ['subject'] },
  );
  return new Map(known.map(({ subject, id }) => [subject, id]));
}

/** The names of groups by subject, as this walk has read them. */
async function stagedGroups(
  em: EntityManager,
  poolId: string,
  subjects: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await em.execute<{ subject: string; names: string[] }[]>(
    `select subject, jsonb_agg(group_name order by group_name) as names from swept_membership
     where pool_id = ? and subject in (select jsonb_array_elements_text(?::jsonb)) group by subject`,
    [poolId, JSON.stringify(subjects)],
  );
  return new Map(rows.map(({ subject, names }) => [subject, names]));
}
