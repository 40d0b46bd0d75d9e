import { batchLoader } from '../request/batch-loader.js';
import type { Context } from '../request/context.js';
import { perRequest } from '../request/per-request.js';
import { warningsOf } from '../request/warnings.js';
import { Account } from './account.js';
import { Identity } from './identity.entity.js';
import { type MirroredAccount, mirrorOf } from './mirror.js';
import { Profile } from './profile.js';

/**
 * A user's accounts by user id, the one last used first: one statement a batch reads identities and
 * mirrored profiles together; what the mirror lacks is read from the pools.
 */
export const accountsLoader = perRequest((context) =>
  batchLoader<string, readonly Account[]>(context, 'accounts', async (userIds) => {
    const { em, app } = context;
    const identities = await em.find(
      Identity,
      { user: { $in: [...userIds] }, deletedAt: null },
      { populate: ['poolProfile'], strategy: 'joined' },
    );
    const mirrored = await mirrorOf(app).accountsOf(identities.sort(byLastUse));
    warn(mirrored, context);
    const accounts = Map.groupBy(
      mirrored.map((account) => new Account(account)),
      ({ userId }) => userId,
    );
    return userIds.map((id) => accounts.get(id) ?? []);
  }),
);

/** The profile of the account last used, by user id. */
export const profileLoader = perRequest((context) => {
  const accounts = accountsLoader(context);
  return batchLoader<string, Profile>(context, 'profiles', async (userIds) => {
    const found = await Promise.all(userIds.map((id) => accounts.load(id)));
    return userIds.map((id, index) => new Profile(id, found[index]?.[0]?.mirrored));
  });
});

/** Lets what follows in the request load a user's accounts again, after they were written. */
export function forgetLoaded(context: Context, userId: string): void {
  accountsLoader(context).clear(userId);
  profileLoader(context).clear(userId);
}

/** Names of the pool groups of an account; null where the pool could not be asked. */
export const groupsLoader = perRequest((context) =>
  batchLoader<Account, readonly string[] | null>(context, 'groups', async (accounts) => {
    const groups = await mirrorOf(context.app).groupsOf(accounts.map(({ mirrored }) => mirrored));
    return accounts.map(({ mirrored }) => groups.get(mirrored.identity.id) ?? null);
  }),
);

/** Says what the answer lacks, and whether what is stale is so for a reason. */
function warn(accounts: readonly MirroredAccount[], context: Context): void {
  const { userPools } = context.app;
  const missing = accounts.filter(({ mirror }) => mirror === undefined).length;
  const stale = accounts.filter(
    ({ isFresh, identity }) => !isFresh && userPools.get(identity.poolId)?.trouble !== undefined,
  ).length;
  const of = `of ${accounts.length} profiles`;
  if (missing > 0)
    warningsOf(context).add({
      code: 'PROFILES_MISSING',
      message: `${missing} ${of} could not be read from the user pool in time.`,
    });
  if (stale > missing)
    warningsOf(context).add({
      code: 'PROFILES_STALE',
      message: `${stale} ${of} may be out of date: the user pool does not answer as it should.`,
    });
}

function byLastUse(a: Identity, b: Identity): number {
  const difference = (b.lastSeenAt?.getTime() ?? 0) - (a.lastSeenAt?.getTime() ?? 0);
  return difference !== 0 ? difference : a.id < b.id ? -1 : 1;
}
