import { z } from 'zod';
import { withoutRowRules } from '../../../database/row-view.js';
import { refreshAccountJob, sightingsOf } from '../../../directory/index.js';
import { PoolUserNotFoundError } from '../../../user-pool/index.js';
import { commandKind, toEach } from '../command-kind.js';

/** Every sign-in of the user, at the pools and here. */
export const SIGN_OUT_USER = signOutKind('signOutUser');

/** The same of the user who asks for it. */
export const SIGN_OUT_EVERYWHERE = signOutKind('signOutEverywhere');

function signOutKind(action: string) {
  return commandKind({
    action,
    input: z.object({}),
    leavesAccounts: true,
    endsTokens: () => true,
    atPool: async (work) => {
      const { app } = work;
      // What waits to be noted would come after as a session that goes on.
      await sightingsOf(app).flush();
      return toEach(work, async (pool, { poolId, subject, username }) => {
        try {
          return await pool.signOut(username);
        } catch (error) {
          if (!(error instanceof PoolUserNotFoundError)) throw error;
          // Who is gone from the pool has no sign-in there.
          await app.jobs.add([refreshAccountJob({ poolId, subject })]);
          return new Date();
        }
      });
    },
    keepAtMoment: async (em, { command: { targetId } }) => {
      await withoutRowRules(em, 'a command acts on whom it names').execute(
        'update session set ended_at = now(), updated_at = now() where user_id = ? and ended_at is null',
        [targetId],
      );
    },
  });
}

/**
 * One sign-in, here alone: to revoke a refresh token takes the token, which the server never sees. What is
 * refreshed by it is refused here all the same. One that was ended before stays so, as of then.
 */
export const END_SESSION = commandKind({
  action: 'endSession',
  input: z.object({ sessionId: z.string() }),
  leavesAccounts: true,
  endsTokens: () => false,
  atPool: async () => ({ at: new Date() }),
  keep: async (em, { input: { sessionId } }) => {
    await withoutRowRules(em, 'a command acts on whom it names').execute(
      'update session set ended_at = now(), updated_at = now() where id = ? and ended_at is null',
      [sessionId],
    );
  },
});
