import { ConflictError, NotFoundError } from '../../errors.js';

export class UnknownSessionError extends NotFoundError {
  constructor() {
    super('There is no session with this id.', {
      reason: 'session',
      hint: 'Use the `id` of a session that `viewer` or `user` gives.',
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
