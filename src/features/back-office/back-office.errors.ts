import { BadUserInputError, ForbiddenError, NotFoundError } from '../../errors.js';

export const REASON_LENGTH = 500;

export class UnknownUserError extends NotFoundError {
  constructor() {
    super('There is no user with this id.', {
      reason: 'user',
      hint: 'Use the `id` of a user that `users` or `user` gives.',
    });
  }
}

export class OwnAccountError extends ForbiddenError {
  constructor() {
    super('Nobody does this to their own account.', {
      reason: 'self',
      hint: 'Ask another administrator.',
    });
  }
}

export class ReasonError extends BadUserInputError {
  constructor() {
    super(`The input \`reason\` must have 1 to ${REASON_LENGTH} characters.`, {
      reason: 'reason',
      hint: 'Say in a sentence why; the audit log keeps it.',
    });
  }
}
