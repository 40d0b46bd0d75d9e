import { z } from 'zod';
import { withoutRowRules } from '../../../database/row-view.js';
import { poolOf } from '../../../directory/index.js';
import { PoolGroupNotFoundError, PoolRefusalError } from '../../../user-pool/index.js';
import { afterAtPool, commandKind, type Work } from '../command-kind.js';

const ofGroup = z.object({ poolId: z.string(), name: z.string() });
const settings = ofGroup.extend({
  description: z.string().optional(),
  precedence: z.int().optional(),
});
type Settings = z.infer<typeof settings>;

function settingsOf({ description, precedence }: Settings) {
  return {
    ...(description !== undefined && { description }),
    ...(precedence !== undefined && { precedence }),
  };
}

export const CREATE_GROUP = commandKind({
  action: 'createGroup',
  input: settings,
  endsTokens: () => false,
  atPool: async ({ app, command, input }) => {
    const { admin } = poolOf(app, input.poolId);
    try {
      return { at: await admin.createGroup(input.name, settingsOf(input)) };
    } catch (error) {
      const isOurs =
        command.attempts > 1 && error instanceof PoolRefusalError && error.fault === 'group';
      if (!isOurs) throw error;
      // An earlier try has made it: what it is to be is the same again.
      return { at: await admin.updateGroup(input.name, settingsOf(input)) };
    }
  },
});

export const UPDATE_GROUP = commandKind({
  action: 'updateGroup',
  input: settings,
  endsTokens: () => false,
  atPool: async ({ app, input }) => ({
    at: await poolOf(app, input.poolId).admin.updateGroup(input.name, settingsOf(input)),
  }),
});

export const DELETE_GROUP = commandKind({
  action: 'deleteGroup',
  input: ofGroup,
  endsTokens: () => false,
  atPool: async (work) => ({ at: await removed(work) }),
  keep: async (em, { command, input: { poolId, name } }) => {
    await withoutRowRules(em, 'a command acts on whom it names').execute(
      `update pool_profile set groups = groups - ?, groups_read_at = greatest(groups_read_at, ?), updated_at = now()
       from identity where identity.id = pool_profile.identity_id and identity.pool_id = ?
         and jsonb_exists(pool_profile.groups, ?)`,
      [name, afterAtPool(command, new Date()), poolId, name],
    );
  },
});

async function removed({ app, command, input }: Work<z.infer<typeof ofGroup>>): Promise<Date> {
  try {
    return await poolOf(app, input.poolId).admin.deleteGroup(input.name);
  } catch (error) {
    if (command.attempts > 1 && error instanceof PoolGroupNotFoundError) return new Date();
    throw error;
  }
}
