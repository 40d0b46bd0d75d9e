import { z } from 'zod';
import { invalidParameter } from './errors.js';

/** QueryLimitType of the API: 0 means no wish. */
export const limit = z
  .int()
  .min(0)
  .max(60)
  .default(60)
  .transform((wish) => wish || 60);

/** PoolQueryLimitType and the like: operations on pools want a wish. */
export const size = z.int().min(1).max(60);

/** What a page begins after, by its token; empty at the beginning. @throws CognitoError InvalidParameterException */
export function positionOf(token: string | undefined): string {
  if (token === undefined) return '';
  const [mark, position] = Buffer.from(token, 'base64url').toString().split('\n');
  // Tokens are no secret: whoever makes one up begins where they like, but at a text that can be stored.
  if (mark !== MARK || !position || position.includes('\0'))
    throw invalidParameter('Invalid pagination token given.');
  return position;
}

/** A page of what was found when one more than the page was asked for, and the token of the next. */
export function pageOf<Item>(
  found: readonly Item[],
  size: number,
  position: (item: Item) => string,
): { readonly items: readonly Item[]; readonly next: string | undefined } {
  const items = found.slice(0, size);
  const last = items.at(-1);
  const more = found.length > size && last !== undefined;
  return { items, next: more ? tokenOf(position(last)) : undefined };
}

const MARK = 'after';

function tokenOf(position: string): string {
  return Buffer.from(`${MARK}\n${position}`).toString('base64url');
}
