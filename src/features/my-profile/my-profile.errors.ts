import {
  BadUserInputError,
  ConflictError,
  ForbiddenError,
  RateLimitedError,
  UnauthenticatedError,
  UnavailableError,
} from '../../errors.js';

export class ProfileInputError extends BadUserInputError {
  /** @param faults a sentence each, which names the input and the rule */
  constructor(faults: readonly string[]) {
    super(faults.join(' '), {
      reason: 'profile',
      hint: 'Correct these inputs; null removes a value, and what is absent stays as it is.',
    });
  }
}

/** The pool knows rules of its own. @param inputs those it speaks of, or all that were given. */
export class ProfileValueError extends BadUserInputError {
  constructor(inputs: readonly string[]) {
    super(`The user pool does not take ${named(inputs)}.`, {
      reason: 'pool_value',
      hint: "Look at the pool's attributes: some are required, fixed, or of a certain length or form.",
    });
  }
}

export class UnwritableAttributeError extends ForbiddenError {
  constructor(inputs: readonly string[]) {
    super(`The app client may not write ${named(inputs)}.`, {
      reason: 'attribute',
      hint: "Leave it out, or add it to the app client's write permissions at the pool.",
    });
  }
}

export class AliasTakenError extends ConflictError {
  constructor(inputs: readonly string[]) {
    super(`Another account has ${named(inputs)} already.`, {
      reason: 'alias',
      hint: 'Choose another value, or sign in to the account that has it.',
    });
  }
}

/** The pool lets this token write nothing, for its scopes or by its firewall. */
export class UnwritableTokenError extends ForbiddenError {
  constructor() {
    super('The user pool does not let this token change the account.', {
      reason: 'token',
      hint: 'Sign in again with the scope aws.cognito.signin.user.admin.',
    });
  }
}

export class AccountStatusError extends ForbiddenError {
  constructor() {
    super('The account is not ready to be changed.', {
      reason: 'status',
      hint: 'Confirm the account, or set a new password, and sign in again.',
    });
  }
}

/** The pool ended the sign-in that the token is of, though the token has time left. */
export class EndedSignInError extends UnauthenticatedError {
  constructor(reason: 'revoked' | 'disabled') {
    super('The access token is no longer accepted.', { reason, hint: 'Sign in again.' });
  }
}

export class PoolLimitError extends RateLimitedError {
  constructor() {
    super('The user pool has had too many tries for this account.', {
      reason: 'pool_limit',
      hint: 'Try again later.',
      retryAfter: 60,
    });
  }
}

export class CodeDeliveryError extends UnavailableError {
  constructor(cause: unknown) {
    super('The user pool could not send the verification code.', {
      reason: 'delivery',
      hint: 'The change itself may have been made: ask for the profile, then for another code.',
      retryAfter: 60,
      cause,
    });
  }
}

/** The pool did not answer: it may have taken the change all the same. */
export class UncertainChangeError extends UnavailableError {
  constructor(cause: unknown) {
    super('The user pool is out of reach; whether it took the change is not known.', {
      reason: 'user_pool',
      hint: 'Send the same change again: twice does no harm.',
      retryAfter: 5,
      cause,
    });
  }
}

function named(inputs: readonly string[]): string {
  const quoted = inputs.map((input) => `\`${input}\``);
  const noun = quoted.length === 1 ? 'the input' : 'one of the inputs';
  return `${noun} ${quoted.join(', ')}`;
}
