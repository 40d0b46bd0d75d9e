import { BadUserInputError, ConflictError, NotFoundError } from '../../errors.js';

const REASON_LENGTH = 500;

export class UnknownSessionError extends NotFoundError {
  constructor() {
    super('There is no session with this id.', {
      reason: 'session',
      hint: 'Use the `id` of a session that `viewer` or `user` gives.',
    });
  }
}

export class NobodyToSignOutError extends NotFoundError {
  constructor() {
    super('There is no user with this id.', {
      reason: 'user',
      hint: 'Use the `id` of a user that `users` or `user` gives.',
    });
  }
}

/** The app client has token revocation switched off, so that its tokens do not tell of which sign-in they are. */
export class UnnamedSignInError extends ConflictError {
  constructor() {
    super('The access token does not tell which sign-in it is of.', {
      reason: 'sign_in',
      hint: "Use `signOutEverywhere`, or switch on token revocation (`EnableTokenRevocation`) for the pool's app client.",
    });
  }
}

export class SignOutReasonError extends BadUserInputError {
  constructor() {
    super(`The input \`reason\` must have 1 to ${REASON_LENGTH} characters.`, {
      reason: 'reason',
      hint: 'Say in a sentence why; the audit log keeps it.',
    });
  }
}

/** @throws SignOutReasonError */
export function reasonIn(given: string | null | undefined): string {
  const reason = given?.trim() ?? '';
  if (reason.length === 0 || reason.length > REASON_LENGTH) throw new SignOutReasonError();
  return reason;
}
