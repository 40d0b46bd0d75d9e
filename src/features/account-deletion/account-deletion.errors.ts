import { ConflictError, ForbiddenError, RateLimitedError } from '../../errors.js';

/** A token that somebody else got hold of is not enough. */
export class RecentSignInError extends ForbiddenError {
  constructor(minutes: number) {
    super(`This takes a sign-in of the last ${minutes} minutes.`, {
      reason: 'recent_sign_in',
      hint: 'Let the person sign in again, with their password (a refreshed token does not count), and send it with the new token.',
    });
  }
}

/** Each wish, and its end, stands in the trail for good. */
export class DeletionLimitError extends RateLimitedError {
  constructor(most: number, retryAfter: number) {
    super(`The deletion was asked for ${most} times within a day.`, {
      reason: 'deletion_limit',
      hint: 'Ask again later.',
      retryAfter,
    });
  }
}

export class DeletionUnderWayError extends ConflictError {
  constructor() {
    super('The account is being deleted: it cannot be taken back any more.', {
      reason: 'under_way',
      hint: 'Sign up again for a new account.',
    });
  }
}
