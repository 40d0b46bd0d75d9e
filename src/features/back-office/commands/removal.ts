import { z } from 'zod';
import { withoutRowRules } from '../../../database/row-view.js';
import { forgetUser } from '../../../directory/index.js';
import { PoolUserNotFoundError } from '../../../user-pool/index.js';
import { eraseDetailsOf } from '../../audit-log/index.js';
import { removeAlongside } from '../alongside.js';
import { type CommandKind, commandKind, toEach } from '../command-kind.js';

const REMOVAL: Omit<CommandKind<object>, 'action'> = {
  input: z.object({}),
  endsTokens: () => true,
  atPool: (work) =>
    toEach(work, async (pool, { username }) => {
      try {
        return await pool.admin.remove(username);
      } catch (error) {
        if (error instanceof PoolUserNotFoundError) return new Date();
        throw error;
      }
    }),
  keep: async (em, { command: { id, targetId } }) => {
    if (targetId === null) return;
    await eraseDetailsOf(em, targetId, id);
    await removeAlongside(em, targetId);
    await withoutRowRules(em, "commands are the server's own").execute(
      'update command set result = null where target_id = ? and id <> ?',
      [targetId, id],
    );
    await forgetUser(em, targetId);
  },
};

/** The accounts at the pools, and here everything of the user but a tombstone. */
export const DELETE_USER = commandKind({ ...REMOVAL, action: 'deleteUser' });

/** The same, as the person asked for it. */
export const DELETE_MY_ACCOUNT = commandKind({ ...REMOVAL, action: 'deleteMyAccount' });
