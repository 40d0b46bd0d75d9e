import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { Authorized } from '../../auth/authorized.js';
import { Role } from '../../auth/role.js';
import { User } from '../../directory/index.js';
import type { Context } from '../../request/context.js';
import { askingOf } from './asking.js';
import {
  AddUsersToGroupInput,
  DeleteUsersInput,
  DisableUsersInput,
  EnableUsersInput,
  InviteUsersInput,
  RemoveUsersFromGroupInput,
} from './bulk.inputs.js';
import { type Bulk, type BulkOutcome, runBulk } from './bulk.js';
import {
  AddUsersToGroupPayload,
  DeleteUsersPayload,
  DisableUsersPayload,
  EnableUsersPayload,
  InviteUsersPayload,
  RemoveUsersFromGroupPayload,
} from './bulk.payloads.js';
import type { CommandRequest } from './command-intent.js';
import { inviteRequest } from './invite-request.js';
import { type Asking, commonOf, type GivenUser } from './requests.js';
import { userRequests } from './user-requests.js';

/** Each item is a command of its own, with an outcome of its own. */
@Resolver()
export class BulkResolver {
  @Authorized({ roles: [Role.ADMIN] })
  @Mutation(() => DisableUsersPayload, { description: '`disableUser` for many.' })
  disableUsers(
    @Arg('input', () => DisableUsersInput) input: DisableUsersInput,
    @Ctx() context: Context,
  ): Promise<DisableUsersPayload> {
    return onUsers(context, 'disableUsers', input, (asking, one) =>
      userRequests.disableUser(asking, { ...input, ...one }),
    );
  }

  @Authorized({ roles: [Role.ADMIN] })
  @Mutation(() => EnableUsersPayload, { description: '`enableUser` for many.' })
  enableUsers(
    @Arg('input', () => EnableUsersInput) input: EnableUsersInput,
    @Ctx() context: Context,
  ): Promise<EnableUsersPayload> {
    return onUsers(context, 'enableUsers', input, (asking, one) =>
      userRequests.enableUser(asking, { ...input, ...one }),
    );
  }

  @Authorized({ roles: [Role.ADMIN] })
  @Mutation(() => DeleteUsersPayload, { description: '`deleteUser` for many.' })
  deleteUsers(
    @Arg('input', () => DeleteUsersInput) input: DeleteUsersInput,
    @Ctx() context: Context,
  ): Promise<DeleteUsersPayload> {
    return onUsers(context, 'deleteUsers', input, (asking, one) =>
      userRequests.deleteUser(asking, { ...input, ...one }),
    );
  }

  @Authorized({ roles: [Role.ADMIN] })
  @Mutation(() => AddUsersToGroupPayload, { description: '`addUserToGroup` for many.' })
  addUsersToGroup(
    @Arg('input', () => AddUsersToGroupInput) input: AddUsersToGroupInput,
    @Ctx() context: Context,
  ): Promise<AddUsersToGroupPayload> {
    return onUsers(context, 'addUsersToGroup', input, (asking, one) =>
      userRequests.addUserToGroup(asking, { ...input, ...one }),
    );
  }

  @Authorized({ roles: [Role.ADMIN] })
  @Mutation(() => RemoveUsersFromGroupPayload, { description: '`removeUserFromGroup` for many.' })
  removeUsersFromGroup(
    @Arg('input', () => RemoveUsersFromGroupInput) input: RemoveUsersFromGroupInput,
    @Ctx() context: Context,
  ): Promise<RemoveUsersFromGroupPayload> {
    return onUsers(context, 'removeUsersFromGroup', input, (asking, one) =>
      userRequests.removeUserFromGroup(asking, { ...input, ...one }),
    );
  }

  @Authorized({ roles: [Role.ADMIN] })
  @Mutation(() => InviteUsersPayload, { description: '`inviteUser` for many.' })
  inviteUsers(
    @Arg('input', () => InviteUsersInput) input: InviteUsersInput,
    @Ctx() context: Context,
  ): Promise<InviteUsersPayload> {
    const { users, reason, poolId, message } = input;
    const asking = askingOf(context);
    return answered(context, 'inviteUsers', input, {
      items: users,
      requestOf: async (user, idempotencyKey) =>
        inviteRequest(asking, { ...user, reason, poolId, message, idempotencyKey }),
    });
  }
}

interface BulkAsked {
  readonly reason: string;
  readonly idempotencyKey?: string | null;
  readonly dryRun: boolean;
}

/** Whoever is named twice is one item. */
function onUsers(
  context: Context,
  name: string,
  input: BulkAsked & { readonly ids: readonly string[] },
  requestOf: (asking: Asking, one: GivenUser) => Promise<CommandRequest>,
) {
  const asking = askingOf(context);
  const { reason } = input;
  return answered(context, name, input, {
    items: [...new Set(input.ids.map((id) => id.toLowerCase()))],
    requestOf: (id, idempotencyKey) => requestOf(asking, { id, reason, idempotencyKey }),
  });
}

async function answered<Item>(
  context: Context,
  name: string,
  input: BulkAsked,
  bulk: Pick<Bulk<Item>, 'items' | 'requestOf'>,
) {
  const { idempotencyKey } = commonOf(input);
  const outcomes = await runBulk(context.app, {
    ...bulk,
    name,
    actor: askingOf(context).actor,
    idempotencyKey,
    isDry: input.dryRun,
    asked: input,
  });
  const users = await usersOf(context, outcomes);
  const items = outcomes.map(({ targetId, ...outcome }) => ({
    ...outcome,
    user: users.get(targetId ?? '') ?? null,
  }));
  const done = items.filter(({ state }) => state === 'DONE' || state === 'WOULD_BE_DONE').length;
  return { items, done, notDone: items.length - done };
}

async function usersOf({ em }: Context, outcomes: readonly BulkOutcome[]) {
  const ids = outcomes.flatMap(({ targetId }) => targetId ?? []);
  const users = await em.find(
    User,
    { id: { $in: ids } },
    { refresh: true, connectionType: 'write' },
  );
  return new Map(users.map((user) => [user.id, user]));
}
