import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { Authorized } from '../../auth/authorized.js';
import { Role } from '../../auth/role.js';
import type { Context } from '../../request/context.js';
import { askingOf, onUser, run } from './asking.js';
import {
  AddUserToGroupInput,
  DeleteUserInput,
  DisableUserInput,
  EnableUserInput,
  InviteUserInput,
  RemoveUserFromGroupInput,
  ResendInvitationInput,
  ResetUserPasswordInput,
  SetTemporaryPasswordInput,
  UpdateUserAttributesInput,
} from './back-office.inputs.js';
import {
  AddUserToGroupPayload,
  DeleteUserPayload,
  DisableUserPayload,
  EnableUserPayload,
  InviteUserPayload,
  RemoveUserFromGroupPayload,
  ResendInvitationPayload,
  ResetUserPasswordPayload,
  SetTemporaryPasswordPayload,
  UpdateUserAttributesPayload,
} from './back-office.payloads.js';
import { deletionPreview } from './deletion-preview.js';
import { inviteRequest } from './invite-request.js';
import { userRequests } from './user-requests.js';

/** Each action is a command: see `Commands`. */
@Resolver()
export class BackOfficeResolver {
  @Authorized({ roles: [Role.ADMIN] })
  @Mutation(() => DisableUserPayload, {
    description:
      'Stops a user from signing in, at every pool, and refuses the tokens they hold from now on.',
  })
  disableUser(
    @Arg('input', () => DisableUserInput) input: DisableUserInput,
    @Ctx() context: Context,
  ): Promise<DisableUserPayload> {
    return onUser(context, userRequests.disableUser(askingOf(context), input));
  }

  @Authorized({ roles: [Role.ADMIN] })
  @Mutation(() => EnableUserPayload, {
    description: 'Lets a disabled user sign in again; tokens of before stay refused.',
  })
  enableUser(
    @Arg('input', () => EnableUserInput) input: EnableUserInput,
    @Ctx() context: Context,
  ): Promise<EnableUserPayload> {
    return onUser(context, userRequests.enableUser(askingOf(context), input));
  }

  @Authorized({ roles: [Role.ADMIN] })
  @Mutation(() => UpdateUserAttributesPayload, {
    description: 'Changes attributes of an account at the pool, custom ones too.',
  })
  updateUserAttributes(
    @Arg('input', () => UpdateUserAttributesInput) input: UpdateUserAttributesInput,
    @Ctx() context: Context,
  ): Promise<UpdateUserAttributesPayload> {
    return onUser(context, userRequests.updateUserAttributes(askingOf(context), input));
  }

  @Authorized({ roles: [Role.ADMIN] })
  @Mutation(() => ResetUserPasswordPayload, {
    description: 'Lets the pool send a code for a new password, and ends every sign-in of before.',
  })
  resetUserPassword(
    @Arg('input', () => ResetUserPasswordInput) input: ResetUserPasswordInput,
    @Ctx() context: Context,
  ): Promise<ResetUserPasswordPayload> {
    return onUser(context, userRequests.resetUserPassword(askingOf(context), input));
  }

  @Authorized({ roles: [Role.ADMIN] })
  @Mutation(() => SetTemporaryPasswordPayload, {
    description:
      'Sets a password that has to be changed at the next sign-in, and ends every sign-in of before.',
  })
  setTemporaryPassword(
    @Arg('input', () => SetTemporaryPasswordInput) input: SetTemporaryPasswordInput,
    @Ctx() context: Context,
  ): Promise<SetTemporaryPasswordPayload> {
    return onUser(context, userRequests.setTemporaryPassword(askingOf(context), input));
  }

  @Authorized({ roles: [Role.ADMIN] })
  @Mutation(() => ResendInvitationPayload, {
    description: 'Invites again whoever was invited and has not signed in yet.',
  })
  resendInvitation(
    @Arg('input', () => ResendInvitationInput) input: ResendInvitationInput,
    @Ctx() context: Context,
  ): Promise<ResendInvitationPayload> {
    return onUser(context, userRequests.resendInvitation(askingOf(context), input));
  }

  @Authorized({ roles: [Role.ADMIN] })
  @Mutation(() => AddUserToGroupPayload, {
    description: 'Puts a user into a group of the pool.',
  })
  addUserToGroup(
    @Arg('input', () => AddUserToGroupInput) input: AddUserToGroupInput,
    @Ctx() context: Context,
  ): Promise<AddUserToGroupPayload> {
    return onUser(context, userRequests.addUserToGroup(askingOf(context), input));
  }

  @Authorized({ roles: [Role.ADMIN] })
  @Mutation(() => RemoveUserFromGroupPayload, {
    description: 'Takes a user out of a group of the pool.',
  })
  removeUserFromGroup(
    @Arg('input', () => RemoveUserFromGroupInput) input: RemoveUserFromGroupInput,
    @Ctx() context: Context,
  ): Promise<RemoveUserFromGroupPayload> {
    return onUser(context, userRequests.removeUserFromGroup(askingOf(context), input));
  }

  @Authorized({ roles: [Role.ADMIN] })
  @Mutation(() => InviteUserPayload, {
    description: 'Makes an account at the pool, which tells the person, and puts it into groups.',
  })
  async inviteUser(
    @Arg('input', () => InviteUserInput) input: InviteUserInput,
    @Ctx() context: Context,
  ): Promise<InviteUserPayload> {
    return onUser(context, inviteRequest(askingOf(context), input));
  }

  @Authorized({ roles: [Role.ADMIN] })
  @Mutation(() => DeleteUserPayload, {
    description:
      'Deletes a user at every pool, and here with whatever refers to them; no token brings them back.',
  })
  async deleteUser(
    @Arg('input', () => DeleteUserInput) input: DeleteUserInput,
    @Ctx() context: Context,
  ): Promise<DeleteUserPayload> {
    const asking = askingOf(context);
    const preview = await deletionPreview(context.app, input.id);
    if (input.dryRun) return { ...preview, actionId: null };
    const { id } = await run(context, userRequests.deleteUser(asking, input));
    return { ...preview, actionId: id };
  }
}
