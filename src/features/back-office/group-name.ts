import { CommandInputError } from './back-office.errors.js';

/** A name that a group can have ("GroupNameType" of the API reference). @throws CommandInputError */
export function groupNameIn(input: string, name: string): string {
  if (/^[\p{L}\p{M}\p{S}\p{N}\p{P}]{1,128}$/u.test(name)) return name;
  throw new CommandInputError(input, 'must have 1 to 128 characters, and no spaces');
}
