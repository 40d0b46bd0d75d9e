import { validate } from 'uuid';
import { BadUserInputError } from '../errors.js';

/** @throws BadUserInputError where the argument is no UUID (RFC 9562), which no row could have. */
export function uuidOf(argument: string, value: string): string {
  if (validate(value)) return value.toLowerCase();
  throw new BadUserInputError(`The argument \`${argument}\` must be a UUID.`, {
    reason: 'uuid',
    hint: 'Use an `id` that the server gave.',
  });
}
