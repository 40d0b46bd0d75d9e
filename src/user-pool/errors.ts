import { NotFoundError, UnavailableError } from '../errors.js';

/** The pool has no user of that name. */
export class PoolUserNotFoundError extends NotFoundError {
  constructor(cause?: unknown) {
    super('The user pool has no such user.', { reason: 'pool_user', cause });
  }
}

/** The pool has no group of that name. */
export class PoolGroupNotFoundError extends NotFoundError {
  constructor(cause?: unknown) {
    super('The user pool has no such group.', { reason: 'pool_group', cause });
  }
}

/** The pool does not go on with a list at this place: its tokens are good for an hour. */
export class PageTokenRefusedError extends Error {
  override readonly name = 'PageTokenRefusedError';

  constructor(cause: unknown) {
    super('The user pool does not accept the continuation of a list any more.', { cause });
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
