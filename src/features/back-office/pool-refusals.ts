import {
  BadUserInputError,
  ConflictError,
  type LifeguardError,
  RateLimitedError,
  UnavailableError,
} from '../../errors.js';
import type { PoolRefusalError } from '../../user-pool/index.js';

/** A refusal of the pool in terms of the graph. @param inputs those that were given, by their names */
export function refusalOf(error: PoolRefusalError, inputs: readonly string[]): LifeguardError {
  switch (error.fault) {
    case 'username':
      return new ConflictError('The user pool has a user of this name already.', {
        reason: 'username',
        hint: 'Choose another `username`, or look the user up.',
      });
    case 'alias':
      return new ConflictError('Another account has one of these addresses already.', {
        reason: 'alias',
        hint: 'Give another e-mail address, phone number or preferred user name.',
      });
    case 'group':
      return new ConflictError('The user pool has a group of this name already.', {
        reason: 'group',
        hint: 'Choose another `name`, or change that group by `updateGroup`.',
      });
    case 'value':
      return new BadUserInputError(`The user pool does not take ${named(error.detail, inputs)}.`, {
        reason: 'pool_value',
        hint: "Look at the pool's attributes: some are required, fixed, or of a certain length or form.",
      });
    case 'password':
      return new BadUserInputError("The input `password` does not follow the pool's policy.", {
        reason: 'password',
        hint: 'Give a longer one, with upper and lower case, digits and symbols.',
      });
    case 'status':
      return new ConflictError("The account's status does not allow it.", {
        reason: 'status',
        hint: 'Look at `account { status }`: invitations are sent again to whoever never signed in, passwords reset of whoever has.',
      });
    case 'limit':
      return new RateLimitedError('The user pool has had too many tries.', {
        reason: 'pool_limit',
        hint: 'Try again later.',
        retryAfter: 60,
      });
    case 'delivery':
      return new UnavailableError('The user pool could not send the message.', {
        reason: 'delivery',
        hint: "Look at the account's address, and at how the pool sends messages.",
        retryAfter: 60,
      });
    case 'trigger':
      return new ConflictError('A Lambda trigger of the user pool did not let it pass.', {
        reason: 'trigger',
        hint: "Look at the trigger's log.",
      });
  }
}

/** Cognito begins with the name of the attribute, or speaks of it as `user.email:` or `email address`. */
function named(detail: string, inputs: readonly string[]): string {
  const meant = inputs.filter((input) => {
    const words = input.replaceAll('_', '[ _]');
    return new RegExp(`(?:^|[\\s.'"])${words}(?:[\\s:.'"]|$)`, 'i').test(detail);
  });
  const quoted = (meant.length > 0 ? meant : inputs).map((input) => `\`${input}\``);
  return quoted.length > 1 ? `one of ${quoted.join(', ')}` : (quoted[0] ?? 'the input');
}
