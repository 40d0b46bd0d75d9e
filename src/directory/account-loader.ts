import { batchLoader } from '../request/batch-loader.js';
import type { Context } from '../request/context.js';
import { perRequest } from '../request/per-request.js';
import { addWarning } from '../request/warnings.js';
import { Account } from './account.js';
import { accountsOfUsers } from './account-rows.js';
import { type MirroredAccount, mirrorOf } from './mirror.js';
import { Profile } from './profile.js';
import { profileMemoryOf } from './profile-memory.js';

/**
 * A user's accounts by user id, the one last used first: one statement a batch reads identities and
 * mirrored profiles together; what the mirror lacks is read from the pools.
 */
export const accountsLoader = perRequest((context) =>
  batchLoader<string, readonly Account[]>(context, 'accounts', async (userIds) => {
    const { em, app } = context;
    const mirrored = await mirrorOf(app).accountsOf(await accountsOfUsers(em, userIds));
    warn(mirrored, context);
    const accounts = Map.groupBy(
      mirrored.map((account) => new Account(account)),
      ({ userId }) => userId,
    );
    return userIds.map((id) => accounts.get(id) ?? []);
  }),
);

/** The profile of the account last used: as it is remembered, or else by way of the accounts. */
export function profileOf(userId: string, context: Context): Profile | Promise<Profile> {
  return profileMemoryOf(context.app).recall(userId) ?? profileLoader(context).load(userId);
}

const profileLoader = perRequest((context) => {
  const accounts = accountsLoader(context);
  return batchLoader<string, Profile>(context, 'profiles', (userIds) =>
    profileMemoryOf(context.app).learn(async () => {
      const found = await Promise.all(userIds.map((id) => accounts.load(id)));
      return userIds.map((id, index) => new Profile(id, found[index]?.[0]?.mirrored));
    }),
  );
});

/** Lets what follows load a user's accounts again, after they were written. */
export function forgetLoaded(context: Context, userId: string): void {
  accountsLoader(context).clear(userId);
  profileLoader(context).clear(userId);
  profileMemoryOf(context.app).forget(userId);
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
    addWarning(context, {
      code: 'PROFILES_MISSING',
      message: `${missing} ${of} could not be read from the user pool in time.`,
    });
  if (stale > missing)
    addWarning(context, {
      code: 'PROFILES_STALE',
      message: `${stale} ${of} may be out of date: the user pool does not answer as it should.`,
    });
}
