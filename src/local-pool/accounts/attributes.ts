import { z } from 'zod';
import { invalidParameter, notAuthorized } from '../errors.js';
import { isWritable } from '../pools/client-attributes.js';
import type { Pool, PoolClient } from '../pools/pool-store.js';
import type { Account, Attributes } from './account.js';
import { valueFault } from './attribute-schema.js';

/** A list of AttributeType of the API. */
export const attributeList = z
  .array(z.object({ Name: z.string().min(1).max(32), Value: z.string().max(2048).default('') }))
  .default([]);
export type AttributeList = z.infer<typeof attributeList>;

export function recordOf(list: AttributeList): Attributes {
  return Object.fromEntries(list.map(({ Name, Value }) => [Name, Value]));
}

interface Address {
  readonly format: RegExp;
  readonly badFormat: string;
  /** For a flag of an address that is not there. */
  readonly missing: string;
}

/** Each has a flag beside it that says whether it is known to be the user's. */
const ADDRESSES: Readonly<Record<string, Address>> = {
  email: {
    format: /^[^@\s]+@[^@\s]+$/,
    badFormat: 'Invalid email address format.',
    missing: 'Email is required to verify/un-verify an email',
  },
  phone_number: {
    format: /^\+[1-9]\d{1,14}$/,
    badFormat: 'Invalid phone number format.',
    missing: 'Phone Number is required to verify/un-verify a phone number',
  },
};

const flagOf = (address: string) => `${address}_verified`;

/** Whether a text has the form of an e-mail address or of a phone number. */
export function hasFormat(kind: string, text: string): boolean {
  return ADDRESSES[kind]?.format.test(text) ?? false;
}

/** What an administrator may write. @throws CognitoError InvalidParameterException */
export function attributesFrom(pool: Pool, list: AttributeList): Attributes {
  const attributes = recordOf(list);
  if ('sub' in attributes) throw invalidParameter('Cannot modify the non-mutable attribute sub');
  const { SchemaAttributes } = pool.settings;
  const faults = Object.entries(attributes).flatMap(([name, value]) => {
    const known = SchemaAttributes.find(({ Name }) => Name === name);
    if (known === undefined) return [`${name}: Attribute does not exist in the schema.`];
    if (value === '') return known.Required ? [`${name}: The attribute is required`] : [];
    const fault = valueFault(known, value);
    return fault === undefined ? [] : [`${name}: ${fault}`];
  });
  refuseFaults(faults);
  for (const [kind, { format, badFormat }] of Object.entries(ADDRESSES)) {
    const value = attributes[kind];
    if (value && !format.test(value)) throw invalidParameter(badFormat);
  }
  return attributes;
}

/**
 * What users of a client may write about themselves.
 * @throws CognitoError NotAuthorizedException, InvalidParameterException
 */
export function ownAttributesFrom(
  pool: Pool,
  { settings }: PoolClient,
  list: AttributeList,
): Attributes {
  if (list.some(({ Name }) => !isWritable(settings, Name)))
    throw notAuthorized('A client attempted to write unauthorized attribute');
  return attributesFrom(pool, list);
}

/** The names of required attributes that are not there; `sub` always is. */
export function missingAttributes({ settings }: Pool, attributes: Attributes): string[] {
  return settings.SchemaAttributes.flatMap(({ Name, Required }) =>
    Required && Name !== 'sub' && !attributes[Name] ? [Name] : [],
  );
}

/** @throws CognitoError InvalidParameterException */
export function refuseFaults(faults: readonly string[]): void {
  if (faults.length > 0)
    throw invalidParameter(`Attributes did not conform to the schema: ${faults.join('\n')}\n`);
}

/** @throws CognitoError InvalidParameterException for attributes that the schema fixes at creation */
export function refuseImmutable({ settings }: Pool, change: Attributes): void {
  const fixed = settings.SchemaAttributes.find(({ Name, Mutable }) => !Mutable && Name in change);
  if (fixed !== undefined)
    throw invalidParameter(`user.${fixed.Name}: Attribute cannot be updated.`);
}

/**
 * Attributes after a change: another address is unverified unless the change says so, an empty value is gone.
 * @throws CognitoError InvalidParameterException for a verified flag without an address
 */
export function changed(current: Attributes, change: Attributes): Attributes {
  const merged: Record<string, string> = { ...current, ...change };
  for (const [address, { missing }] of Object.entries(ADDRESSES)) {
    const flag = flagOf(address);
    if (merged[address]) {
      if (merged[address] !== current[address]) merged[flag] = change[flag] ?? 'false';
    } else {
      if (change[flag] !== undefined) throw invalidParameter(missing);
      delete merged[flag];
    }
  }
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== ''));
}

/** What takes attributes away. @throws CognitoError InvalidParameterException */
export function removalOf({ settings }: Pool, names: readonly string[]): Attributes {
  for (const name of names) {
    const known = settings.SchemaAttributes.find(({ Name }) => Name === name);
    if (known === undefined)
      throw invalidParameter(`user.${name}: Attribute does not exist in the schema.`);
    if (known.Required) throw invalidParameter(`user.${name}: The attribute is required`);
  }
  return Object.fromEntries(names.map((name) => [name, '']));
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
