import { z } from 'zod';
import { afterStep, commandKind, toOne } from '../command-kind.js';

const ofIdentity = z.object({ identityId: z.string() });

/** The pool sends a code; whoever is signed in is signed out. */
export const RESET_USER_PASSWORD = commandKind({
  action: 'resetUserPassword',
  input: ofIdentity,
  endsTokens: () => true,
  atPool: (work) =>
    toOne(work, async (pool, { username }) => {
      const isDone =
        work.command.attempts > 1 && (await pool.anew.user(username)).status === 'RESET_REQUIRED';
      // Each call sends a code, and the last one alone is good.
      if (!isDone) await pool.admin.resetPassword(username);
      return afterStep(() => pool.signOut(username));
    }),
});

export const SET_TEMPORARY_PASSWORD = commandKind({
  action: 'setTemporaryPassword',
  input: ofIdentity.extend({ password: z.string() }),
  isSecret: true,
  endsTokens: () => true,
  atPool: (work) =>
    toOne(work, async (pool, { username }) => {
      await pool.admin.setTemporaryPassword(username, work.input.password);
      return afterStep(() => pool.signOut(username));
    }),
});
