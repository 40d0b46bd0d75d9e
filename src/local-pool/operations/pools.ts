import { z } from 'zod';
import { newClientId, newPoolId } from '../ids.js';
import { operation } from '../operation.js';
import { DEFAULT_POLICY } from '../password-policy.js';
import type { Pool, PoolClient } from '../pool-store.js';

const passwordPolicy = z.object({
  MinimumLength: z.int().min(6).max(99).default(DEFAULT_POLICY.MinimumLength),
  RequireUppercase: z.boolean().default(false),
  RequireLowercase: z.boolean().default(false),
  RequireNumbers: z.boolean().default(false),
  RequireSymbols: z.boolean().default(false),
  TemporaryPasswordValidityDays: z.int().min(0).max(365).default(7),
});

const alias = z.enum(['email', 'phone_number', 'preferred_username']);
const verifiable = z.enum(['email', 'phone_number']);

const createUserPool = z.object({
  PoolName: z.string().min(1).max(128),
  AliasAttributes: z.array(alias).default([]),
  UsernameAttributes: z.array(verifiable).default([]),
  AutoVerifiedAttributes: z.array(verifiable).default([]),
  UsernameConfiguration: z.object({ CaseSensitive: z.boolean() }).default({ CaseSensitive: true }),
  Policies: z
    .object({ PasswordPolicy: passwordPolicy.default(DEFAULT_POLICY) })
    .default({ PasswordPolicy: DEFAULT_POLICY }),
  MfaConfiguration: z.enum(['OFF']).default('OFF'),
  DeletionProtection: z.enum(['ACTIVE', 'INACTIVE']).default('INACTIVE'),
});

const createUserPoolClient = z.object({
  UserPoolId: z.string(),
  ClientName: z.string().min(1).max(128),
  ExplicitAuthFlows: z
    .array(z.string())
    .default(['ALLOW_REFRESH_TOKEN_AUTH', 'ALLOW_USER_SRP_AUTH']),
  PreventUserExistenceErrors: z.enum(['LEGACY', 'ENABLED']).default('LEGACY'),
  EnableTokenRevocation: z.boolean().default(true),
  AccessTokenValidity: z.int().min(1).max(86_400).optional(),
  IdTokenValidity: z.int().min(1).max(86_400).optional(),
  RefreshTokenValidity: z.int().min(1).max(315_360_000).default(30),
  TokenValidityUnits: z
    .record(z.string(), z.enum(['seconds', 'minutes', 'hours', 'days']))
    .optional(),
});

export const poolOperations = {
  CreateUserPool: operation('signed', createUserPool, async (settings, { pools }) => ({
    UserPool: userPoolType(await pools.addPool(newPoolId('us-east-1'), settings)),
  })),

  DescribeUserPool: operation(
    'signed',
    z.object({ UserPoolId: z.string() }),
    async ({ UserPoolId }, { pools }) => ({ UserPool: userPoolType(await pools.pool(UserPoolId)) }),
  ),

  CreateUserPoolClient: operation('signed', createUserPoolClient, async (input, { pools }) => {
    const { UserPoolId, ...settings } = input;
    const pool = await pools.pool(UserPoolId);
    return { UserPoolClient: clientType(await pools.addClient(newClientId(), pool.id, settings)) };
  }),

  DescribeUserPoolClient: operation(
    'signed',
    z.object({ UserPoolId: z.string(), ClientId: z.string() }),
    async ({ UserPoolId, ClientId }, { pools }) => {
      const pool = await pools.pool(UserPoolId);
      return { UserPoolClient: clientType(await pools.clientOf(pool, ClientId)) };
    },
  ),
};

function userPoolType({ id, settings, createdAt, modifiedAt }: Pool) {
  const { PoolName, ...others } = settings;
  return {
    Id: id,
    Name: PoolName,
    Arn: `arn:aws:cognito-idp:us-east-1:000000000000:userpool/${id}`,
    CreationDate: createdAt,
    LastModifiedDate: modifiedAt,
    ...others,
  };
}

function clientType({ id, poolId, settings, createdAt, modifiedAt }: PoolClient) {
  return {
    ClientId: id,
    UserPoolId: poolId,
    CreationDate: createdAt,
    LastModifiedDate: modifiedAt,
    ...settings,
  };
}
