import { Identity, poolInTime, refreshAccount } from '../../directory/index.js';
import type { Context } from '../../request/context.js';
import { addWarning } from '../../request/warnings.js';
import { PoolUnavailableError, PoolUserNotFoundError } from '../../user-pool/index.js';

/** An account of the person, and whether its mirror is as the pool had it just now. */
export interface ReadAccount {
  readonly identityId: string;
  readonly poolId: string;
  readonly readNow: boolean;
}

/** Reads each account at its pool, so that what is exported is the pool's; with a warning where it does not answer. */
export async function readAccounts(context: Context, userId: string): Promise<ReadAccount[]> {
  const { app, em } = context;
  const identities = await em.find(
    Identity,
    { user: userId, deletedAt: null },
    { orderBy: { id: 'asc' } },
  );
  const accounts = await Promise.all(
    identities.map(async (identity) => ({
      identityId: identity.id,
      poolId: identity.poolId,
      readNow: await isReadNow(app, identity),
    })),
  );
  const old = accounts.filter(({ readNow }) => !readNow).length;
  if (old > 0)
    addWarning(context, {
      code: 'PROFILES_STALE',
      message: `${old} of ${accounts.length} accounts could not be read from the user pool: the export has what was known of them, \`attributes_read_at\` says since when.`,
    });
  return accounts;
}

async function isReadNow(app: Context['app'], identity: Identity): Promise<boolean> {
  try {
    await poolInTime(refreshAccount(app, identity, 'waitedFor'));
    return true;
  } catch (error) {
    // That it is gone is what the pool says now, and kept.
    if (error instanceof PoolUserNotFoundError) return true;
    if (error instanceof PoolUnavailableError) return false;
    throw error;
  }
}
