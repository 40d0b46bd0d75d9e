import { z } from 'zod';
import { withoutRowRules } from '../../../database/row-view.js';
import { PoolUserNotFoundError } from '../../../user-pool/index.js';
import { commandKind, toEach } from '../command-kind.js';

/** Every sign-in of the user, at the pools and here. */
export const SIGN_OUT_USER = commandKind({
  action: 'signOutUser',
  input: z.object({}),
  endsTokens: () => true,
  atPool: (work) =>
    toEach(work, async (pool, { username }) => {
      try {
        return await pool.signOut(username);
      } catch (error) {
        // Who is gone from the pool has no sign-in there.
        if (error instanceof PoolUserNotFoundError) return new Date();
        throw error;
      }
    }),
  keep: async (em, { command: { targetId } }) => {
    await withoutRowRules(em, 'a command acts on whom it names').execute(
      'update session set ended_at = now(), updated_at = now() where user_id = ? and ended_at is null',
      [targetId],
    );
  },
});
