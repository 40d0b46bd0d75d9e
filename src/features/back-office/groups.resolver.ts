import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { Authorized } from '../../auth/authorized.js';
import { Role, STAFF } from '../../auth/role.js';
import { poolOf } from '../../directory/index.js';
import type { Context } from '../../request/context.js';
import { askingOf, run } from './asking.js';
import { CreateGroupInput, DeleteGroupInput, UpdateGroupInput } from './back-office.inputs.js';
import {
  CreateGroupPayload,
  DeleteGroupPayload,
  UpdateGroupPayload,
} from './back-office.payloads.js';
import type { CommandRequest } from './command-intent.js';
import { Group } from './group.js';
import { groupRequests } from './group-requests.js';
import { poolIdOf } from './requests.js';

@Resolver()
export class GroupsResolver {
  @Authorized({ roles: [...STAFF] })
  @Query(() => [Group], { description: 'The groups of a user pool, as the pool has them now.' })
  async groups(
    @Arg('poolId', () => String, { nullable: true }) poolId: string | null | undefined,
    @Ctx() { app }: Context,
  ): Promise<readonly Group[]> {
    const id = poolIdOf({ app }, poolId);
    const groups = await poolOf(app, id).admin.groups();
    return groups.map((group) => new Group(id, group, app.config));
  }

  @Authorized({ roles: [Role.ADMIN] })
  @Mutation(() => CreateGroupPayload, { description: 'Makes a group at the pool.' })
  createGroup(
    @Arg('input', () => CreateGroupInput) input: CreateGroupInput,
    @Ctx() context: Context,
  ): Promise<CreateGroupPayload> {
    return onGroup(context, input, groupRequests.createGroup(askingOf(context), input));
  }

  @Authorized({ roles: [Role.ADMIN] })
  @Mutation(() => UpdateGroupPayload, {
    description: 'Changes what a group says of itself; what is absent stays as it is.',
  })
  updateGroup(
    @Arg('input', () => UpdateGroupInput) input: UpdateGroupInput,
    @Ctx() context: Context,
  ): Promise<UpdateGroupPayload> {
    return onGroup(context, input, groupRequests.updateGroup(askingOf(context), input));
  }

  @Authorized({ roles: [Role.ADMIN] })
  @Mutation(() => DeleteGroupPayload, {
    description: 'Deletes a group at the pool, whoever is in it.',
  })
  async deleteGroup(
    @Arg('input', () => DeleteGroupInput) input: DeleteGroupInput,
    @Ctx() context: Context,
  ): Promise<DeleteGroupPayload> {
    const { id } = await run(context, groupRequests.deleteGroup(askingOf(context), input));
    return { actionId: id, deletedName: input.name };
  }
}

async function onGroup(
  context: Context,
  { poolId, name }: CreateGroupInput,
  request: CommandRequest,
) {
  const { app } = context;
  const { id: actionId } = await run(context, request);
  const id = poolIdOf(context, poolId);
  return {
    actionId,
    group: new Group(id, await poolOf(app, id).admin.group(name), app.config),
  };
}
