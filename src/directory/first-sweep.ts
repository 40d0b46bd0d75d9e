import { UniqueConstraintViolationException } from '@mikro-orm/core';
import type { App } from '../request/app.js';
import type { PoolUser, UserPool } from '../user-pool/user-pool.js';
import { Identity } from './identity.entity.js';
import { type MirroredProfile, mirrored } from './mirrored-profile.js';
import { writeProfiles } from './pool-profile-rows.js';
import { PoolSweep } from './pool-sweep.entity.js';
import { User } from './user.entity.js';

/**
 * Walks once through every pool that was never walked through, and fills the directory and the mirror
 * with its users; under `USER_PROVISIONING=deny` only the mirror of users that are known. A walk that
 * was cut off begins anew at the next start: each page may be repeated without harm.
 * @throws PoolUnavailableError
 */
export async function firstSweep(app: App, signal: AbortSignal): Promise<void> {
  for (const pool of app.userPools.values()) {
    const em = app.orm.em.fork();
    if ((await em.count(PoolSweep, { poolId: pool.id })) > 0) continue;
    const users = await sweep(app, pool, signal);
    if (signal.aborted) return;
    const done = em.create(
      PoolSweep,
      { poolId: pool.id, completedAt: new Date() },
      { persist: false },
    );
    await em.upsert(PoolSweep, done, { onConflictFields: ['poolId'], onConflictAction: 'ignore' });
    app.log.info({ poolId: pool.id, users }, 'the directory was filled from the pool');
  }
}

async function sweep(app: App, pool: UserPool, signal: AbortSignal): Promise<number> {
  let users = 0;
  let next: string | undefined;
  do {
    const askedAt = new Date();
    const page = await pool.page(next);
    await keepPage(app, pool, page.users, askedAt);
    users += page.users.length;
    next = page.next;
  } while (next !== undefined && !signal.aborted);
  return users;
}

async function keepPage(
  app: App,
  pool: UserPool,
  users: readonly PoolUser[],
  askedAt: Date,
): Promise<void> {
  const identityIds = await identitiesOf(app, pool, users);
  const profiles = new Map<string, MirroredProfile>();
  for (const user of users) {
    const identityId = identityIds.get(user.subject);
    if (identityId !== undefined) profiles.set(identityId, mirrored(user, askedAt));
  }
  if (profiles.size > 0) await writeProfiles(app.orm.em.fork(), profiles);
}

/** The ids of the page's identities by subject; makes those that are missing, unless it may not. */
async function identitiesOf(
  app: App,
  pool: UserPool,
  users: readonly PoolUser[],
): Promise<ReadonlyMap<string, string>> {
  const known = await app.orm.em.fork().find(Identity, {
    poolId: pool.id,
    subject: { $in: users.map(({ subject }) => subject) },
  });
  const ids = new Map(known.map((identity) => [identity.subject, identity.id]));
  const unknown = users.filter(({ subject }) => !ids.has(subject));
  if (unknown.length === 0 || app.config.userProvisioning === 'deny') return ids;
  try {
    await app.orm.em.fork().transactional(async (em) => {
      for (const { subject, username } of unknown) {
        em.create(Identity, { user: em.create(User, {}), poolId: pool.id, subject, username });
      }
    });
  } catch (error) {
    // A first sign-in or another server made one of them meanwhile: then it is known by now.
    if (!(error instanceof UniqueConstraintViolationException)) throw error;
  }
  return identitiesOf(app, pool, users);
}
