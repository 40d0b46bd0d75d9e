import { refuseEnded } from '../auth/revocation.js';
import { personOf } from '../auth/viewer.js';
import { inTime } from '../in-time.js';
import type { Context } from '../request/context.js';
import { PoolUnavailableError, PoolUserNotFoundError } from '../user-pool/index.js';
import { forgetLoaded } from './account-loader.js';
import { refreshAccount } from './account-refresh.js';
import { Identity } from './identity.entity.js';
import type { User } from './user.entity.js';

/** Milliseconds that a viewer waits for the pool; what comes later is kept all the same. */
const PATIENCE = 5_000;

/**
 * Reads the account of the viewer's token at the pool now, and answers with their user as of then.
 * @throws PoolUnavailableError
 * @throws UnauthenticatedError where the pool does not have the account any more, or has disabled it
 */
export async function refreshOwnAccount(context: Context): Promise<User> {
  const { app, em, viewer } = context;
  const { poolId, subject } = personOf(viewer).token;
  const identity = await em.findOneOrFail(Identity, { poolId, subject });
  try {
    await poolInTime(refreshAccount(app, identity, 'waitedFor'));
  } catch (error) {
    // It is forgotten by now, which `ownUser` tells as any request would.
    if (!(error instanceof PoolUserNotFoundError)) throw error;
  }
  return ownUser(context);
}

/**
 * The viewer's user with what the mirror holds of the token's account now, whatever the request loaded before.
 * @throws UnauthenticatedError as a request that came now
 */
export async function ownUser(context: Context): Promise<User> {
  const { em, viewer } = context;
  const { token, userId } = personOf(viewer);
  const identity = await em.findOneOrFail(
    Identity,
    { poolId: token.poolId, subject: token.subject },
    {
      populate: ['user', 'poolProfile'],
      strategy: 'joined',
      refresh: true,
      connectionType: 'write',
    },
  );
  const user = identity.user.unwrap();
  refuseEnded(
    {
      deleted: identity.deletedAt !== null,
      enabled: identity.poolProfile?.enabled !== false,
      refusedBefore: user.refusedBefore?.getTime() ?? null,
      // As the request began, it was not.
      ended: false,
    },
    token,
  );
  forgetLoaded(context, userId);
  return user;
}

/** Waits for the pool as long as somebody in front of a screen would. @throws PoolUnavailableError */
export function poolInTime<Answer>(answer: Promise<Answer>): Promise<Answer> {
  const late = () => new PoolUnavailableError(new Error('The pool did not answer in time.'));
  return inTime(answer, PATIENCE, late);
}
