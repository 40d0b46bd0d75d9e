import { NotFoundError, UnavailableError } from '../errors.js';

/** The pool has no user of that name. */
export class PoolUserNotFoundError extends NotFoundError {
  constructor(cause?: unknown) {
    super('The user pool has no such user.', { reason: 'pool_user', cause });
  }
}

/** The pool did not answer as it should: out of reach, throttling, or refusing the server's credentials. */
export class PoolUnavailableError extends UnavailableError {
  constructor(cause: unknown) {
    super('The user pool is out of reach.', {
      reason: 'user_pool',
      hint: 'Try again shortly; nothing was changed that is not in the audit log.',
      retryAfter: 5,
      cause,
    });
  }
}
