import { z } from 'zod';
import { userTypeOf } from '../attributes.js';
import type { Group } from '../group-store.js';
import { operation } from '../operation.js';
import { positionOf, tokenOf } from '../page-token.js';

const ofPool = z.object({ UserPoolId: z.string() });
const page = ofPool.extend({
  Limit: z.int().min(0).max(60).default(60),
  NextToken: z.string().optional(),
});
const name = z.string().min(1).max(128);
const membership = ofPool.extend({ Username: name, GroupName: name });

export const groupOperations = {
  CreateGroup: operation(
    'signed',
    ofPool.extend({
      GroupName: name,
      Description: z.string().max(2048).optional(),
      Precedence: z.int().min(0).optional(),
    }),
    async ({ UserPoolId, GroupName, ...settings }, { pools, groups }) => {
      const pool = await pools.pool(UserPoolId);
      return { Group: groupType(pool.id, await groups.add(pool.id, GroupName, settings)) };
    },
  ),

  ListGroups: operation('signed', page, async (input, { pools, groups }) => {
    const pool = await pools.pool(input.UserPoolId);
    const limit = input.Limit || 60;
    const found = await groups.page(pool.id, positionOf(input.NextToken), limit + 1);
    return groupPage(pool.id, found, limit);
  }),

  AdminListGroupsForUser: operation(
    'signed',
    page.extend({ Username: name }),
    async (input, { pools, accounts, groups }) => {
      const pool = await pools.pool(input.UserPoolId);
      const account = await accounts.account(pool, input.Username);
      const limit = input.Limit || 60;
      const found = await groups.pageOf(account, positionOf(input.NextToken), limit + 1);
      return groupPage(pool.id, found, limit);
    },
  ),

  AdminAddUserToGroup: operation(
    'signed',
    membership,
    async (input, { pools, accounts, groups }) => {
      const pool = await pools.pool(input.UserPoolId);
      const account = await accounts.account(pool, input.Username);
      await groups.join(account, await groups.group(pool.id, input.GroupName));
      return {};
    },
  ),

  AdminRemoveUserFromGroup: operation(
    'signed',
    membership,
    async (input, { pools, accounts, groups }) => {
      const pool = await pools.pool(input.UserPoolId);
      const account = await accounts.account(pool, input.Username);
      await groups.leave(account, await groups.group(pool.id, input.GroupName));
      return {};
    },
  ),

  ListUsersInGroup: operation(
    'signed',
    page.extend({ GroupName: name }),
    async (input, { pools, accounts, groups }) => {
      const pool = await pools.pool(input.UserPoolId);
      const group = await groups.group(pool.id, input.GroupName);
      const limit = input.Limit || 60;
      const found = await accounts.page(pool, {
        where: `and exists (select from local_pool.membership m where m.pool_id = a.pool_id
                  and m.sub = a.sub and m.group_name = $4)`,
        parameters: [group.name],
        limit: limit + 1,
        after: positionOf(input.NextToken),
      });
      const users = found.slice(0, limit);
      const last = users.at(-1);
      return {
        Users: users.map(userTypeOf),
        ...(found.length > limit && last && { NextToken: tokenOf(last.sub) }),
      };
    },
  ),
};

function groupPage(poolId: string, found: readonly Group[], limit: number) {
  const groups = found.slice(0, limit);
  const last = groups.at(-1);
  return {
    Groups: groups.map((group) => groupType(poolId, group)),
    ...(found.length > limit && last && { NextToken: tokenOf(last.name) }),
  };
}

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
