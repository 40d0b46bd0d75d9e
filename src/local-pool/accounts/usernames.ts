import { randomUUID } from 'node:crypto';
import { invalidParameter } from '../errors.js';
import type { Pool } from '../pools/pool-store.js';
import type { Attributes } from './account.js';
import { hasFormat } from './attributes.js';

const WORDS: Readonly<Record<string, string>> = { email: 'email', phone_number: 'phone number' };

/**
 * What a new account is called. Where the pool signs in by e-mail or phone number, that is given in place of
 * a user name, and the `sub` is the user name ("Customizing sign-in attributes" in the developer guide).
 * @throws CognitoError InvalidParameterException
 */
export function named(pool: Pool, given: string, attributes: Attributes) {
  const { UsernameAttributes, AliasAttributes } = pool.settings;
  const sub = randomUUID();
  if (UsernameAttributes.length === 0) {
    const alias = AliasAttributes.find((kind) => hasFormat(kind, given));
    if (alias === undefined) return { sub, username: given, attributes };
    const word = WORDS[alias];
    throw invalidParameter(
      `Username cannot be of ${word} format, since user pool is configured for ${word} alias.`,
    );
  }
  const kind = UsernameAttributes.find((name) => hasFormat(name, given));
  if (kind !== undefined)
    return { sub, username: sub, attributes: { ...attributes, [kind]: given } };
  const words = UsernameAttributes.map((name) => WORDS[name]);
  throw invalidParameter(
    words.length > 1
      ? 'Username should be either an email or a phone number.'
      : `Username should be ${words[0] === 'email' ? 'an' : 'a'} ${words[0]}.`,
  );
}
