import { z } from 'zod';
import { afterStep, commandKind, toOne } from '../command-kind.js';

const membership = z.object({ identityId: z.string(), group: z.string() });

export const ADD_USER_TO_GROUP = commandKind({
  action: 'addUserToGroup',
  input: membership,
  endsTokens: () => false,
  atPool: (work) =>
    toOne(work, (pool, { username }) => pool.admin.addToGroup(username, work.input.group)),
});

export const REMOVE_USER_FROM_GROUP = commandKind({
  action: 'removeUserFromGroup',
  input: membership.extend({ endSessions: z.boolean() }),
  endsTokens: ({ endSessions }) => endSessions,
  atPool: (work) =>
    toOne(work, async (pool, { username }) => {
      const at = await pool.admin.removeFromGroup(username, work.input.group);
      return work.input.endSessions ? afterStep(() => pool.signOut(username)) : at;
    }),
});
