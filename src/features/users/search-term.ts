import { folded, keyOf } from '../../directory/index.js';
import { BadUserInputError } from '../../errors.js';

const LEAST = 3;
const MOST = 100;

/**
 * What is looked for in folded texts, of 3 to 100 characters: of fewer an index of trigrams knows nothing.
 * @throws BadUserInputError that names the input.
 */
export function searchTermOf(input: string, value: string): string {
  const term = folded(value);
  const length = [...term].length;
  if (length >= LEAST && length <= MOST) return term;
  throw new BadUserInputError(
    `The filter \`${input}\` must be ${LEAST} to ${MOST} characters; it has ${length > MOST ? 'more' : length}.`,
    {
      reason: 'search_term',
      hint: 'Diacritics, control characters and spaces at either end do not count.',
    },
  );
}

/**
 * A whole value as the mirror keeps it for comparison.
 * @throws BadUserInputError where nothing is left of it.
 */
export function wholeValueOf(input: string, value: string): string {
  const key = keyOf(value);
  if (key !== '') return key;
  throw new BadUserInputError(`The filter \`${input}\` is empty.`, {
    reason: 'empty',
    hint: 'Give a value, or leave the filter out.',
  });
}

/** `%` and `_` are ordinary characters of a term (PostgreSQL, "Pattern Matching", 9.7.1). */
export function containing(term: string): string {
  return `%${term.replace(/[\\%_]/g, '\\$&')}%`;
}

/** A term within one of certain lines of a text, as a regular expression of PostgreSQL (9.7.3). */
export function withinLines(lines: readonly number[], term: string): string {
  const literal = term.replace(/[!-/:-@[-`{-~]/g, '\\$&');
  const starts = lines.map((line) => `(?:[^\\n]*\\n){${line}}`).join('|');
  return `^(?:${starts})[^\\n]*${literal}`;
}
