import type { LifeguardError } from '../../errors.js';
import type { OwnAttributesError } from '../../user-pool/index.js';
import {
  AccountStatusError,
  AliasTakenError,
  CodeDeliveryError,
  EndedSignInError,
  PoolLimitError,
  ProfileValueError,
  UnwritableAttributeError,
  UnwritableTokenError,
} from './my-profile.errors.js';
import { ATTRIBUTES } from './my-profile.inputs.js';
import type { ProfileInput } from './profile-change.js';

/** What can be an alias of an account, and so be taken. */
const ALIASES: readonly ProfileInput[] = ['email', 'phoneNumber', 'preferredUsername'];

/** A refusal of the pool in terms of the graph: it names the inputs that it can be about. */
export function refusalOf(
  error: OwnAttributesError,
  given: readonly ProfileInput[],
): LifeguardError {
  const { fault, detail } = error;
  switch (fault) {
    case 'revoked':
    case 'disabled':
      return new EndedSignInError(fault);
    case 'status':
      return new AccountStatusError();
    case 'token':
      return new UnwritableTokenError();
    case 'attribute':
      return new UnwritableAttributeError(given);
    case 'value':
      return new ProfileValueError(within(given, (input) => isAbout(detail, input)));
    case 'alias':
      return new AliasTakenError(within(given, (input) => ALIASES.includes(input)));
    case 'limit':
      return new PoolLimitError();
    case 'delivery':
      return new CodeDeliveryError(error);
  }
}

/** Those that can be meant; all of them where that cannot be told. */
function within(
  given: readonly ProfileInput[],
  canBeMeant: (input: ProfileInput) => boolean,
): readonly ProfileInput[] {
  const meant = given.filter(canBeMeant);
  return meant.length > 0 ? meant : given;
}

/** Cognito writes `name: String must be ...`, `user.email: Attribute ...` and `Invalid phone number format.` */
function isAbout(detail: string, input: ProfileInput): boolean {
  const attribute = ATTRIBUTES[input];
  if (new RegExp(`(?:^|[\\s.])${attribute}:`).test(detail)) return true;
  const [kind] = /Invalid (?:email address|phone number)/i.exec(detail) ?? [];
  if (kind === undefined) return false;
  return input === (/email/i.test(kind) ? 'email' : 'phoneNumber');
}
