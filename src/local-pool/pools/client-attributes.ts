import type { SchemaAttribute } from '../accounts/attribute-schema.js';
import { invalidParameter } from '../errors.js';
import type { ClientSettings } from './client-settings.js';

/**
 * Which attributes a client's users see of themselves: those it names, or all of them
 * ("ReadAttributes" of CreateUserPoolClient in the API reference).
 */
export function isReadable({ ReadAttributes: named }: ClientSettings, name: string): boolean {
  return name === 'sub' || (named?.includes(name) ?? true);
}

const VERIFIED_FLAGS: readonly string[] = ['email_verified', 'phone_number_verified'];

export function isVerifiedFlag(name: string): boolean {
  return VERIFIED_FLAGS.includes(name);
}

/** Which ones they change: those it names, or all. Nobody verifies an address by writing so. */
export function isWritable({ WriteAttributes: named }: ClientSettings, name: string): boolean {
  if (name === 'sub' || isVerifiedFlag(name)) return false;
  return named?.includes(name) ?? true;
}

/** @throws CognitoError InvalidParameterException where a client names attributes that the pool does not have */
export function checkAttributeNames(
  schema: readonly SchemaAttribute[],
  { ReadAttributes = [], WriteAttributes = [] }: ClientSettings,
): void {
  const isKnown = (name: string) => schema.some(({ Name }) => Name === name);
  if (!ReadAttributes.every(isKnown))
    throw invalidParameter('Invalid read attributes specified while creating a client');
  if (!WriteAttributes.every(isKnown))
    throw invalidParameter('Invalid write attributes specified while creating a client');
}
