import { z } from 'zod';
import type { Account, Attributes } from './account-store.js';
import { invalidParameter } from './errors.js';
import type { Pool } from './pool-store.js';

/** AttributeType of the API. */
export const attributeList = z
  .array(z.object({ Name: z.string().min(1).max(32), Value: z.string().max(2048).default('') }))
  .default([]);
export type AttributeList = z.infer<typeof attributeList>;

/** "Working with user attributes" in the developer guide. */
const STANDARD = new Set([
  'address',
  'birthdate',
  'email',
  'email_verified',
  'family_name',
  'gender',
  'given_name',
  'locale',
  'middle_name',
  'name',
  'nickname',
  'phone_number',
  'phone_number_verified',
  'picture',
  'preferred_username',
  'profile',
  'updated_at',
  'website',
  'zoneinfo',
]);

const VERIFIED = ['email_verified', 'phone_number_verified'];

/** @throws CognitoError InvalidParameterException */
export function attributesFrom(list: AttributeList): Attributes {
  const attributes = Object.fromEntries(list.map(({ Name, Value }) => [Name, Value]));
  for (const [name, value] of Object.entries(attributes)) {
    if (!STANDARD.has(name))
      throw invalidParameter(`user.${name}: Attribute does not exist in the schema.`);
    if (name === 'email' && value !== '' && !/^[^@\s]+@[^@\s]+$/.test(value))
      throw invalidParameter('Invalid email address format.');
    if (name === 'phone_number' && value !== '' && !/^\+\d{5,15}$/.test(value))
      throw invalidParameter('Invalid phone number format.');
  }
  return attributes;
}

/** What a user may write about themselves. @throws CognitoError NotAuthorizedException, InvalidParameterException */
export function ownAttributesFrom(list: AttributeList): Attributes {
  const attributes = attributesFrom(list);
  if (VERIFIED.some((name) => name in attributes))
    throw invalidParameter('Cannot modify the non-mutable attribute email_verified');
  return attributes;
}

/** A change of e-mail or phone makes it unverified, unless the same change says otherwise. */
export function changed(current: Attributes, change: Attributes): Attributes {
  const unverified = ['email', 'phone_number'].flatMap((name) =>
    change[name] !== undefined && change[name] !== current[name]
      ? [[`${name}_verified`, 'false'] as const]
      : [],
  );
  const merged = { ...current, ...Object.fromEntries(unverified), ...change };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== ''));
}

export function attributeListOf({ sub, attributes }: Pick<Account, 'sub' | 'attributes'>) {
  return Object.entries({ sub, ...attributes }).map(([Name, Value]) => ({ Name, Value }));
}

/** UserType of the API. */
export function userTypeOf(account: Account) {
  return {
    Username: account.username,
    Attributes: attributeListOf(account),
    UserCreateDate: account.createdAt,
    UserLastModifiedDate: account.modifiedAt,
    Enabled: account.enabled,
    UserStatus: account.status,
  };
}

/** The name an SRP verifier is bound to: the pool's part after `_`, then the user name. */
export function srpIdentity(pool: Pool, username: string): string {
  return pool.id.slice(pool.id.indexOf('_') + 1) + username;
}
