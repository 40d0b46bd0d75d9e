import { z } from 'zod';
import { schemaAttribute, schemaOf } from './attribute-schema.js';
import { DEFAULT_POLICY, passwordPolicy } from './password-policy.js';

const alias = z.enum(['email', 'phone_number', 'preferred_username']);
const verifiable = z.enum(['email', 'phone_number']);

/** What a pool is created with, completed by the API's defaults ("CreateUserPool" of the API reference). */
export const poolSettings = z
  .object({
    PoolName: z.string().min(1).max(128),
    AliasAttributes: z.array(alias).default([]),
    UsernameAttributes: z.array(verifiable).default([]),
    AutoVerifiedAttributes: z.array(verifiable).default([]),
    UsernameConfiguration: z
      .object({ CaseSensitive: z.boolean() })
      .default({ CaseSensitive: true }),
    Policies: z
      .object({ PasswordPolicy: passwordPolicy.default(DEFAULT_POLICY) })
      .default({ PasswordPolicy: DEFAULT_POLICY }),
    Schema: z.array(schemaAttribute).max(50).default([]),
    AdminCreateUserConfig: z
      .object({ AllowAdminCreateUserOnly: z.boolean().default(false) })
      .default({ AllowAdminCreateUserOnly: false }),
    MfaConfiguration: z.literal('OFF').default('OFF'),
    DeletionProtection: z.enum(['ACTIVE', 'INACTIVE']).default('INACTIVE'),
    UserPoolTags: z.record(z.string(), z.string()).default({}),
  })
  .refine((given) => given.AliasAttributes.length * given.UsernameAttributes.length === 0, {
    message: 'Only one of the aliasAttributes or usernameAttributes can be set in a user pool.',
  })
  .transform(({ Schema, ...settings }) => ({ ...settings, SchemaAttributes: schemaOf(Schema) }));
export type PoolSettings = z.infer<typeof poolSettings>;
