import { z } from 'zod';
import { schemaAttribute, schemaOf } from '../accounts/attribute-schema.js';
import { DEFAULT_POLICY, passwordPolicy } from '../accounts/password-policy.js';

const alias = z.enum(['email', 'phone_number', 'preferred_username']);
const verifiable = z.enum(['email', 'phone_number']);

const RECOVERY = [
  { Priority: 1, Name: 'verified_phone_number' as const },
  { Priority: 2, Name: 'verified_email' as const },
];

/** What a pool is created and updated with ("UpdateUserPool" of the API reference): what is not given is reset. */
const changeable = z.object({
  AutoVerifiedAttributes: z.array(verifiable).default([]),
  Policies: z
    .object({ PasswordPolicy: passwordPolicy.default(DEFAULT_POLICY) })
    .default({ PasswordPolicy: DEFAULT_POLICY }),
  AdminCreateUserConfig: z
    .object({ AllowAdminCreateUserOnly: z.boolean().default(false) })
    .default({ AllowAdminCreateUserOnly: false }),
  AccountRecoverySetting: z
    .object({
      RecoveryMechanisms: z.array(
        z.object({
          Priority: z.int().min(1).max(2),
          Name: z.enum(['verified_email', 'verified_phone_number', 'admin_only']),
        }),
      ),
    })
    .default({ RecoveryMechanisms: RECOVERY }),
  UserAttributeUpdateSettings: z
    .object({ AttributesRequireVerificationBeforeUpdate: z.array(verifiable).default([]) })
    .default({ AttributesRequireVerificationBeforeUpdate: [] }),
  MfaConfiguration: z.literal('OFF').default('OFF'),
  DeletionProtection: z.enum(['ACTIVE', 'INACTIVE']).default('INACTIVE'),
  UserPoolTags: z.record(z.string(), z.string()).default({}),
});

export const changedPool = changeable.extend({ PoolName: z.string().min(1).max(128).optional() });

/** With what is fixed at creation, completed by the API's defaults ("CreateUserPool" of the API reference). */
export const newPool = changeable
  .extend({
    PoolName: z.string().min(1).max(128),
    AliasAttributes: z.array(alias).default([]),
    UsernameAttributes: z.array(verifiable).default([]),
    UsernameConfiguration: z
      .object({ CaseSensitive: z.boolean() })
      .default({ CaseSensitive: true }),
    Schema: z.array(schemaAttribute).max(50).default([]),
  })
  .refine((given) => given.AliasAttributes.length * given.UsernameAttributes.length === 0, {
    message: 'Only one of the aliasAttributes or usernameAttributes can be set in a user pool.',
  })
  .transform(({ Schema, ...settings }) => ({ ...settings, SchemaAttributes: schemaOf(Schema) }));
export type PoolSettings = z.infer<typeof newPool>;
