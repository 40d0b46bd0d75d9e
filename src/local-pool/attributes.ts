import { z } from 'zod';
import type { Account, Attributes } from './account.js';
import { valueFault } from './attribute-schema.js';
import { invalidParameter, notAuthorized } from './errors.js';
import type { Pool } from './pool-store.js';

/** A list of AttributeType of the API. */
export const attributeList = z
  .array(z.object({ Name: z.string().min(1).max(32), Value: z.string().max(2048).default('') }))
  .default([]);
export type AttributeList = z.infer<typeof attributeList>;

const FORMATS: Readonly<Record<string, readonly [format: RegExp, fault: string]>> = {
  email: [/^[^@\s]+@[^@\s]+$/, 'Invalid email address format.'],
  phone_number: [/^\+[1-9]\d{1,14}$/, 'Invalid phone number format.'],
};

/** Whether a text has the form of an e-mail address or of a phone number. */
export function hasFormat(kind: string, text: string): boolean {
  return FORMATS[kind]?.[0].test(text) ?? false;
}

/** What an administrator may write. @throws CognitoError InvalidParameterException */
export function attributesFrom(pool: Pool, list: AttributeList): Attributes {
  const attributes = Object.fromEntries(list.map(({ Name, Value }) => [Name, Value]));
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
  for (const [kind, [format, fault]] of Object.entries(FORMATS)) {
    const value = attributes[kind];
    if (value && !format.test(value)) throw invalidParameter(fault);
  }
  return attributes;
}

/**
 * What users may write about themselves: by default all standard attributes but the verified flags.
 * @throws CognitoError NotAuthorizedException, InvalidParameterException
 */
export function ownAttributesFrom(pool: Pool, list: AttributeList): Attributes {
  if (list.some(({ Name }) => Name === 'sub' || Name.endsWith('_verified')))
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

/** Attributes after a change: another address is unverified unless the change says so, an empty value is gone. */
export function changed(current: Attributes, change: Attributes): Attributes {
  const unverified = Object.keys(FORMATS).flatMap((name) =>
    change[name] !== undefined && change[name] !== current[name]
      ? [[`${name}_verified`, 'false'] as const]
      : [],
  );
  const merged = { ...current, ...Object.fromEntries(unverified), ...change };
  return Object.fromEntries(
    Object.entries(merged).filter(
      ([name, value]) => value !== '' && merged[name.replace(/_verified$/, '')] !== '',
    ),
  );
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
