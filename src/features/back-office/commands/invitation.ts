import type { EntityManager } from '@mikro-orm/postgresql';
import { z } from 'zod';
import { withoutRowRules } from '../../../database/row-view.js';
import { Identity, poolOf, refreshAccountJob, User } from '../../../directory/index.js';
import {
  type Invitation,
  type InvitedUser,
  PoolRefusalError,
  PoolUserNotFoundError,
  type UserPool,
} from '../../../user-pool/index.js';
import { afterStep, commandKind, toOne, type Work } from '../command-kind.js';

const invitation = z.object({
  poolId: z.string(),
  username: z.string(),
  /** Whether the name was made up of an address, which not every pool takes. */
  isMadeUp: z.boolean(),
  attributes: z.record(z.string(), z.string()),
  message: z.enum(['EMAIL', 'SMS', 'NONE']),
  groups: z.array(z.string()),
});
type Inviting = Work<z.infer<typeof invitation>>;

/** Milliseconds by which the pool's clock may be behind ours. */
const SKEW = 30_000;

export const INVITE_USER = commandKind({
  action: 'inviteUser',
  input: invitation,
  endsTokens: () => false,
  atPool: async (work) => {
    const { app, input } = work;
    const pool = poolOf(app, input.poolId);
    const user = await invited(pool, work);
    for (const group of input.groups)
      await afterStep(() => pool.admin.addToGroup(user.username, group));
    const { subject, username } = user;
    return { at: user.modifiedAt, result: { poolId: pool.id, subject, username } };
  },
  keep: keepInvited,
});

/** Pools whose users have an address as an alias take none as a name: there the id of the command is one. */
async function invited(pool: UserPool, work: Inviting): Promise<InvitedUser> {
  const { input, command } = work;
  const made = await madeBefore(pool, work);
  if (made !== undefined) return made;
  try {
    return await once(pool, input, work);
  } catch (error) {
    const wantsOther =
      input.isMadeUp &&
      error instanceof PoolRefusalError &&
      error.fault === 'value' &&
      /username cannot be of (?:email|phone)/i.test(error.detail);
    if (!wantsOther) throw error;
    return once(pool, { ...input, username: command.id }, work);
  }
}

/** The user whom an earlier try has made under the command's id, who has the address by now. */
async function madeBefore(pool: UserPool, { input, command }: Inviting) {
  if (!input.isMadeUp || command.attempts === 1) return undefined;
  try {
    return await pool.anew.user(command.id);
  } catch (error) {
    if (error instanceof PoolUserNotFoundError) return undefined;
    throw error;
  }
}

async function once(
  pool: UserPool,
  given: Invitation,
  { command }: Inviting,
): Promise<InvitedUser> {
  try {
    return await pool.admin.invite(given);
  } catch (error) {
    const isTaken =
      error instanceof PoolRefusalError && ['username', 'alias'].includes(error.fault);
    if (!isTaken || command.attempts === 1) throw error;
    // An earlier try may have made the user.
    const user = await pool.anew.user(given.username);
    // Where it is the address that is taken, the name leads to whoever has it.
    if (error.fault === 'alias' && user.username !== given.username) throw error;
    if (user.createdAt.getTime() < command.createdAt.getTime() - SKEW) throw error;
    return user;
  }
}

/** The user may have signed in, or been found by a walk, meanwhile. */
async function keepInvited(em: EntityManager, { app, command }: Inviting): Promise<void> {
  const { poolId = '', subject = '', username = '' } = command.result ?? {};
  const known = await em.findOne(Identity, { poolId, subject });
  const identity =
    known ?? em.create(Identity, { poolId, subject, username, user: em.create(User, {}) });
  await em.flush();
  await withoutRowRules(em, "commands are the server's own").execute(
    'update command set target_id = ? where id = ?',
    [identity.user.id, command.id],
  );
  // The outcome in the trail names the user too.
  command.targetId = identity.user.id;
  await app.jobs.addWithin(em, [refreshAccountJob({ poolId, subject })]);
}

export const RESEND_INVITATION = commandKind({
  action: 'resendInvitation',
  input: z.object({ identityId: z.string() }),
  endsTokens: () => false,
  atPool: (work) => toOne(work, (pool, { username }) => pool.admin.resendInvitation(username)),
});
