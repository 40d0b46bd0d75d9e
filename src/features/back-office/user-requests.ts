import { uuidOf } from '../../graphql/uuid.js';
import { CommandInputError, expectStorable, OwnAccountError } from './back-office.errors.js';
import type { CommandRequest } from './command-intent.js';
import { DISABLE_USER, ENABLE_USER } from './commands/access.js';
import { UPDATE_USER_ATTRIBUTES } from './commands/attributes.js';
import { RESEND_INVITATION } from './commands/invitation.js';
import { ADD_USER_TO_GROUP, REMOVE_USER_FROM_GROUP } from './commands/membership.js';
import { RESET_USER_PASSWORD, SET_TEMPORARY_PASSWORD } from './commands/passwords.js';
import { DELETE_USER } from './commands/removal.js';
import { expectNothingInTheWay } from './deletion-preview.js';
import { attributesIn, changeOf, type GivenAttribute } from './given-attributes.js';
import { groupNameIn } from './group-name.js';
import {
  type Asking,
  accountOf,
  commonOf,
  type GivenUser,
  isOwnAdminGroup,
  refuseSelf,
  targetOf,
  withAnAdmin,
} from './requests.js';

/** Of a user with accounts at several pools: which of them. */
export interface GivenAccount extends GivenUser {
  readonly poolId?: string | null | undefined;
}

export interface GivenMembership extends GivenAccount {
  readonly group: string;
  readonly endSessions?: boolean | null | undefined;
}

/** How each mutation on a user becomes a command. All throw what their input breaks, before anything is written. */
export const userRequests = {
  async disableUser(
    asking: Asking,
    given: GivenUser & { readonly until?: Date | null | undefined },
  ): Promise<CommandRequest> {
    const { targetId } = await targetOf(asking, given.id);
    const until = given.until ?? null;
    if (until !== null && until.getTime() <= Date.now())
      throw new CommandInputError('until', 'must lie in the future');
    const admin = withAnAdmin(asking, { userId: targetId });
    return {
      ...commonOf(given),
      ...admin,
      kind: DISABLE_USER,
      actor: asking.actor,
      targetId,
      aspect: `access ${targetId}`,
      input: { until: until?.toISOString() ?? null },
      check: async () => {
        refuseSelf(asking, targetId);
        await admin.check?.();
      },
    };
  },

  async enableUser(asking: Asking, given: GivenUser): Promise<CommandRequest> {
    const { targetId } = await targetOf(asking, given.id);
    return {
      ...commonOf(given),
      kind: ENABLE_USER,
      actor: asking.actor,
      targetId,
      aspect: `access ${targetId}`,
      input: {},
    };
  },

  /** Whoever sends it again under its key means a user who is gone by then. */
  async deleteUser(asking: Asking, given: GivenUser): Promise<CommandRequest> {
    const targetId = uuidOf('input.id', given.id);
    const admin = withAnAdmin(asking, { userId: targetId });
    return {
      ...commonOf(given),
      kind: DELETE_USER,
      actor: asking.actor,
      targetId,
      aspect: `access ${targetId}`,
      input: {},
      check: async () => {
        await targetOf(asking, targetId);
        refuseSelf(asking, targetId);
        await admin.check?.();
      },
      admit: async (em) => {
        await expectNothingInTheWay(em, targetId);
        await admin.admit?.(em);
      },
    };
  },

  async updateUserAttributes(
    asking: Asking,
    given: GivenAccount & { readonly attributes: readonly GivenAttribute[] },
  ): Promise<CommandRequest> {
    const { targetId, account } = await accountOf(asking, given.id, given.poolId);
    const attributes = attributesIn(given.attributes);
    return {
      ...commonOf(given),
      kind: UPDATE_USER_ATTRIBUTES,
      actor: asking.actor,
      targetId,
      aspect: `attributes ${account.id}`,
      input: { identityId: account.id, attributes },
      inputNames: Object.keys(attributes),
      change: await changeOf(asking, account, attributes),
    };
  },

  async resetUserPassword(asking: Asking, given: GivenAccount): Promise<CommandRequest> {
    const request = await onPassword(asking, given);
    return { ...request, kind: RESET_USER_PASSWORD };
  },

  async setTemporaryPassword(
    asking: Asking,
    given: GivenAccount & { readonly password: string },
  ): Promise<CommandRequest> {
    const { password } = given;
    // As many as the pool takes ("PasswordType" of the API reference).
    if (password.length < 6 || password.length > 256)
      throw new CommandInputError('password', 'must have 6 to 256 characters');
    expectStorable('password', password);
    const request = await onPassword(asking, given);
    return {
      ...request,
      kind: SET_TEMPORARY_PASSWORD,
      input: { ...request.input, password },
      inputNames: ['password'],
    };
  },

  async resendInvitation(asking: Asking, given: GivenAccount): Promise<CommandRequest> {
    const { targetId, account } = await accountOf(asking, given.id, given.poolId);
    return {
      ...commonOf(given),
      kind: RESEND_INVITATION,
      actor: asking.actor,
      targetId,
      aspect: `invitation ${account.id}`,
      input: { identityId: account.id },
    };
  },

  async addUserToGroup(asking: Asking, given: GivenMembership): Promise<CommandRequest> {
    const request = await onMembership(asking, given);
    return { ...request, kind: ADD_USER_TO_GROUP };
  },

  async removeUserFromGroup(asking: Asking, given: GivenMembership): Promise<CommandRequest> {
    const request = await onMembership(asking, given);
    const { targetId, targetGroup } = request;
    const admin = withAnAdmin(asking, { userId: targetId, group: targetGroup });
    return {
      ...request,
      ...admin,
      kind: REMOVE_USER_FROM_GROUP,
      input: { ...request.input, endSessions: given.endSessions ?? false },
      check: async () => {
        if (asking.actor.userId === targetId && isOwnAdminGroup(asking, targetGroup))
          throw new OwnAccountError();
        await admin.check?.();
      },
    };
  },
} as const;

/** Their own password people change at the pool, with the one they have. */
async function onPassword(asking: Asking, given: GivenAccount) {
  const { targetId, account } = await accountOf(asking, given.id, given.poolId);
  return {
    ...commonOf(given),
    actor: asking.actor,
    targetId,
    aspect: `password ${account.id}`,
    input: { identityId: account.id },
    check: async () => refuseSelf(asking, targetId),
  };
}

async function onMembership(asking: Asking, given: GivenMembership) {
  const { targetId, account } = await accountOf(asking, given.id, given.poolId);
  const group = groupNameIn('group', given.group);
  const targetGroup = `${account.poolId}/${group}`;
  return {
    ...commonOf(given),
    actor: asking.actor,
    targetId,
    targetGroup,
    aspect: `membership ${account.id} ${targetGroup}`,
    input: { identityId: account.id, group },
    inputNames: ['group'],
  };
}
