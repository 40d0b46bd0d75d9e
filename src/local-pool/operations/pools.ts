import { z } from 'zod';
import { clientSettings } from '../client-settings.js';
import { newClientId, newPoolId } from '../ids.js';
import { ofPool, operation } from '../operation.js';
import { poolSettings } from '../pool-settings.js';
import type { Pool, PoolClient } from '../pool-store.js';

export const poolOperations = {
  CreateUserPool: operation('signed', poolSettings, async (settings, { pools }) => ({
    UserPool: userPoolType(await pools.addPool(newPoolId('us-east-1'), settings), 0),
  })),

  DescribeUserPool: operation('signed', ofPool, async ({ UserPoolId }, { pools, accounts }) => {
    const pool = await pools.pool(UserPoolId);
    return { UserPool: userPoolType(pool, await accounts.count(pool)) };
  }),

  CreateUserPoolClient: operation(
    'signed',
    ofPool.and(clientSettings),
    async ({ UserPoolId, ...settings }, { pools }) => {
      const { id } = await pools.pool(UserPoolId);
      return { UserPoolClient: clientType(await pools.addClient(newClientId(), id, settings)) };
    },
  ),

  DescribeUserPoolClient: operation(
    'signed',
    ofPool.extend({ ClientId: z.string() }),
    async ({ UserPoolId, ClientId }, { pools }) => {
      const pool = await pools.pool(UserPoolId);
      return { UserPoolClient: clientType(await pools.clientOf(pool, ClientId)) };
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

/** UserPoolClientType of the API. */
function clientType({ id, poolId, settings, createdAt, modifiedAt }: PoolClient) {
  return {
    ClientId: id,
    UserPoolId: poolId,
    CreationDate: createdAt,
    LastModifiedDate: modifiedAt,
    ...settings,
    AllowedOAuthFlowsUserPoolClient: false,
    AuthSessionValidity: 3,
    EnablePropagateAdditionalUserContextData: false,
  };
}
