import { z } from 'zod';
import { addedAttributes, schemaAttribute } from '../accounts/attribute-schema.js';
import { invalidParameter } from '../errors.js';
import { newPoolId } from '../ids.js';
import { ofPool, operation } from '../operation.js';
import { pageOf, positionOf, size } from '../page-token.js';
import { changedPool, newPool } from '../pools/pool-settings.js';
import type { Pool } from '../pools/pool-store.js';

/** Pools; in a region of its own name, since the local pool is in none. */
export const poolOperations = {
  CreateUserPool: operation('signed', newPool, async (settings, { pools }) => ({
    UserPool: userPoolType(await pools.addPool(newPoolId('us-east-1'), settings), 0),
  })),

  DescribeUserPool: operation('signed', ofPool, async ({ UserPoolId }, { pools, accounts }) => {
    const pool = await pools.pool(UserPoolId);
    return { UserPool: userPoolType(pool, await accounts.count(pool)) };
  }),

  UpdateUserPool: operation(
    'signed',
    ofPool.extend(changedPool.shape),
    async ({ UserPoolId, PoolName, ...change }, { pools }) => {
      const pool = await pools.pool(UserPoolId);
      const settings = { ...pool.settings, ...change };
      await pools.changePool(pool, { ...settings, PoolName: PoolName ?? settings.PoolName });
      return {};
    },
  ),

  AddCustomAttributes: operation(
    'signed',
    ofPool.extend({ CustomAttributes: z.array(schemaAttribute).min(1).max(25) }),
    async ({ UserPoolId, CustomAttributes }, { pools }) => {
      const pool = await pools.pool(UserPoolId);
      const SchemaAttributes = addedAttributes(pool.settings.SchemaAttributes, CustomAttributes);
      await pools.changePool(pool, { ...pool.settings, SchemaAttributes });
      return {};
    },
  ),

  DeleteUserPool: operation('signed', ofPool, async ({ UserPoolId }, { pools }) => {
    const pool = await pools.pool(UserPoolId);
    if (pool.settings.DeletionProtection === 'ACTIVE')
      throw invalidParameter(
        'The user pool cannot be deleted because deletion protection is activated. Deletion protection must be inactivated first.',
      );
    await pools.removePool(pool);
    return {};
  }),

  ListUserPools: operation(
    'signed',
    z.object({ MaxResults: size, NextToken: z.string().optional() }),
    async ({ MaxResults, NextToken }, { pools }) => {
      const found = await pools.pools(positionOf(NextToken), MaxResults + 1);
      const { items, next } = pageOf(found, MaxResults, ({ id }) => id);
      return {
        UserPools: items.map(({ id, settings, createdAt, modifiedAt }) => ({
          Id: id,
          Name: settings.PoolName,
          LambdaConfig: {},
          CreationDate: createdAt,
          LastModifiedDate: modifiedAt,
        })),
        ...(next && { NextToken: next }),
      };
    },
  ),
};

/** UserPoolType of the API, with the defaults of what cannot be set here. */
function userPoolType({ id, settings, createdAt, modifiedAt }: Pool, users: number) {
  const { PoolName, AdminCreateUserConfig, ...others } = settings;
  const given = Object.entries(others).filter(
    ([, value]) => !Array.isArray(value) || value.length > 0,
  );
  return {
    Id: id,
    Name: PoolName,
    Arn: `arn:aws:cognito-idp:us-east-1:000000000000:userpool/${id}`,
    CreationDate: createdAt,
    LastModifiedDate: modifiedAt,
    ...Object.fromEntries(given),
    AdminCreateUserConfig: { ...AdminCreateUserConfig, UnusedAccountValidityDays: 7 },
    EstimatedNumberOfUsers: users,
    LambdaConfig: {},
    EmailConfiguration: { EmailSendingAccount: 'COGNITO_DEFAULT' },
    VerificationMessageTemplate: { DefaultEmailOption: 'CONFIRM_WITH_CODE' },
    UserPoolTier: 'ESSENTIALS',
  };
}
