import { z } from 'zod';
import { userTypeOf } from '../accounts/attributes.js';
import { name, ofPool, ofUser, operation } from '../operation.js';
import { limit, pageOf, positionOf } from '../page-token.js';
import type { Group } from '../pools/group-store.js';
import { onUser } from './on-user.js';

const paged = { Limit: limit, NextToken: z.string().optional() };
const membership = ofUser.extend({ GroupName: name });

const ofGroup = ofPool.extend({ GroupName: name });
const group = ofGroup.extend({
  Description: z.string().max(2048).optional(),
  Precedence: z.int().min(0).optional(),
});

/** Groups and who is in them. None of these touches a user's last-modified date. */
export const groupOperations = {
  CreateGroup: operation('signed', group, async (input, { pools, groups }) => {
    const { UserPoolId, GroupName, ...settings } = input;
    const { id } = await pools.pool(UserPoolId);
    return { Group: groupType(id, await groups.add(id, GroupName, settings)) };
  }),

  GetGroup: operation('signed', ofGroup, async (input, { pools, groups }) => {
    const { id } = await pools.pool(input.UserPoolId);
    return { Group: groupType(id, await groups.group(id, input.GroupName)) };
  }),

  UpdateGroup: operation('signed', group, async (input, { pools, groups }) => {
    const { UserPoolId, GroupName, ...settings } = input;
    const { id } = await pools.pool(UserPoolId);
    await groups.group(id, GroupName);
    return { Group: groupType(id, await groups.change(id, GroupName, settings)) };
  }),

  DeleteGroup: operation('signed', ofGroup, async (input, { pools, groups }) => {
    const { id } = await pools.pool(input.UserPoolId);
    await groups.remove(id, (await groups.group(id, input.GroupName)).name);
    return {};
  }),

  ListGroups: operation('signed', ofPool.extend(paged), async (input, { pools, groups }) => {
    const { id } = await pools.pool(input.UserPoolId);
    return groupPage(
      id,
      await groups.page(id, positionOf(input.NextToken), input.Limit + 1),
      input.Limit,
    );
  }),

  AdminListGroupsForUser: onUser(ofUser.extend(paged), async ({ account, stores, input }) => {
    const { groups } = stores;
    const found = await groups.pageOf(account, positionOf(input.NextToken), input.Limit + 1);
    return groupPage(account.poolId, found, input.Limit);
  }),

  AdminAddUserToGroup: onUser(membership, async ({ account, stores: { groups }, input }) => {
    await groups.join(account, await groups.group(account.poolId, input.GroupName));
    return {};
  }),

  AdminRemoveUserFromGroup: onUser(membership, async ({ account, stores: { groups }, input }) => {
    await groups.leave(account, await groups.group(account.poolId, input.GroupName));
    return {};
  }),

  ListUsersInGroup: operation(
    'signed',
    ofGroup.extend(paged),
    async (input, { pools, accounts, groups }) => {
      const pool = await pools.pool(input.UserPoolId);
      const group = await groups.group(pool.id, input.GroupName);
      const found = await accounts.page(pool, {
        where: `and exists (select from local_pool.membership m where m.pool_id = a.pool_id
                  and m.sub = a.sub and m.group_name = $4)`,
        parameters: [group.name],
        limit: input.Limit + 1,
        after: positionOf(input.NextToken),
      });
      const { items, next } = pageOf(found, input.Limit, ({ sub }) => sub);
      return { Users: items.map(userTypeOf), ...(next && { NextToken: next }) };
    },
  ),
};

function groupPage(poolId: string, found: readonly Group[], size: number) {
  const { items, next } = pageOf(found, size, (group) => group.name);
  return {
    Groups: items.map((group) => groupType(poolId, group)),
    ...(next && { NextToken: next }),
  };
}

/** GroupType of the API. */
function groupType(poolId: string, group: Group) {
  return {
    GroupName: group.name,
    UserPoolId: poolId,
    ...(group.description === undefined ? {} : { Description: group.description }),
    ...(group.precedence === undefined ? {} : { Precedence: group.precedence }),
    CreationDate: group.createdAt,
    LastModifiedDate: group.modifiedAt,
  };
}
