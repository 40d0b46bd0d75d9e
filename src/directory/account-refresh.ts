import type { App } from '../request/app.js';
import { perApp } from '../request/per-app.js';
import { PoolUserNotFoundError } from '../user-pool/index.js';
import { forget } from './forget.js';
import { FreshRuns } from './fresh-runs.js';
import type { Identity } from './identity.entity.js';
import { readGroups, readProfile } from './mirror.js';
import { poolOf } from './pool-of.js';
import { writeGroups, writeProfiles } from './pool-profile-rows.js';

/** How a pool is asked: by somebody who waits, or for the mirror alone. */
type Way = 'waitedFor' | 'inBulk';

const runsOf = perApp(() => new FreshRuns<void>());

/**
 * Reads an account and its groups at the pool now and keeps them: what was changed before the call shows in
 * the mirror after it. Several calls for one account share reads that began after them.
 * @throws PoolUserNotFoundError where the account is gone, which is forgotten then
 * @throws PoolUnavailableError where a part could not be read; the other part is kept
 */
export function refreshAccount(app: App, identity: Identity, way: Way): Promise<void> {
  return runsOf(app).run(`${way} ${identity.id}`, () => readAndKeep(app, identity, way));
}

async function readAndKeep(app: App, identity: Identity, way: Way): Promise<void> {
  const { inBulk, anew } = poolOf(app, identity.poolId);
  const pool = way === 'inBulk' ? inBulk.anew : anew;
  const [profile, groups] = await Promise.allSettled([
    readProfile(identity, pool),
    readGroups(identity, pool),
  ]);
  const failures = [profile, groups].flatMap((part) =>
    part.status === 'rejected' ? [part.reason as unknown] : [],
  );
  const gone = failures.find((failure) => failure instanceof PoolUserNotFoundError);
  if (gone !== undefined) {
    await forget(app, [identity]);
    throw gone;
  }
  const em = app.orm.em.fork();
  if (profile.status === 'fulfilled')
    await writeProfiles(em, new Map([[identity.id, profile.value]]));
  if (groups.status === 'fulfilled') await writeGroups(em, new Map([[identity.id, groups.value]]));
  if (failures.length > 0) throw failures[0];
}
