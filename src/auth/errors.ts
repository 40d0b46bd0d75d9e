import { UnauthenticatedError, UnavailableError } from '../errors.js';

const INVALID = 'The access token is not valid.';

/** The Authorization header is none that RFC 6750, section 2.1 describes, or there are several. */
export class MalformedAuthorizationError extends UnauthenticatedError {
  constructor() {
    super('The Authorization header is malformed.', {
      reason: 'malformed',
      hint: 'Send one header `Authorization: Bearer <access token>` of at most 8 KiB.',
    });
  }
}

export class InvalidTokenError extends UnauthenticatedError {
  /** @param fault why, a constant text, never the token or a value from it. */
  constructor(fault: string) {
    super(INVALID, {
      reason: 'invalid',
      hint: 'Send an access token that a trusted user pool issued to one of its trusted clients.',
      cause: fault,
    });
  }
}

export class ExpiredTokenError extends UnauthenticatedError {
  constructor() {
    super(INVALID, {
      reason: 'expired',
      hint: 'Get a new access token with the refresh token, or sign in again.',
    });
  }
}

/** ID tokens carry personal data and are meant for the client that asked for them alone. */
export class IdTokenError extends UnauthenticatedError {
  constructor() {
    super(INVALID, { reason: 'id_token', hint: 'Send the access token, not the id token.' });
  }
}

/** Not a single signing key is known, so no token can be told to be good or bad. */
export class JwksUnavailableError extends UnavailableError {
  constructor(cause: unknown) {
    super('The signing keys of the user pool are out of reach.', {
      reason: 'jwks',
      hint: 'Try again shortly; the token may well be valid.',
      retryAfter: 1,
      cause,
    });
  }
}
