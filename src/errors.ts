/** The codes a client may branch on; each has one HTTP status, see `graphql/http-status.ts`. */
export type ErrorCode =
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'BAD_USER_INPUT'
  | 'NOT_FOUND'
  | 'CONFLICT'
  | 'RATE_LIMITED'
  | 'UNAVAILABLE';

export interface ErrorDetails {
  /** A constant within the code that a client may branch on, such as `expired`. */
  readonly reason?: string;
  /** What the caller can do about it, in a sentence. */
  readonly hint?: string;
  /** Whole seconds after which a retry makes sense. */
  readonly retryAfter?: number;
  /** For the log only; never leaves the server. */
  readonly cause?: unknown;
}

/**
 * What every error that may be shown to a client extends. Its message, code, reason and hint are
 * constant texts without personal data; any other error is masked before it leaves the server.
 */
export abstract class LifeguardError extends Error {
  abstract readonly code: ErrorCode;
  readonly reason: string | undefined;
  readonly hint: string | undefined;
  readonly retryAfter: number | undefined;

  /** Whether it tells where it was thrown: not what strangers cause as often as they like, since that costs each a stack. */
  static readonly hasStack: boolean = true;

  constructor(message: string, { reason, hint, retryAfter, cause }: ErrorDetails = {}) {
    const { stackTraceLimit } = Error;
    if (!new.target.hasStack) Error.stackTraceLimit = 0;
    super(message, cause === undefined ? undefined : { cause });
    Error.stackTraceLimit = stackTraceLimit;
    this.name = new.target.name;
    this.reason = reason;
    this.hint = hint;
    this.retryAfter = retryAfter;
  }
}

/** No token where one is needed, or a token that fails (RFC 6750, section 3.1). */
export class UnauthenticatedError extends LifeguardError {
  static override readonly hasStack = false;
  readonly code = 'UNAUTHENTICATED';
}

/** Signed in, yet not allowed. */
export class ForbiddenError extends LifeguardError {
  readonly code = 'FORBIDDEN';
}

/** The input breaks a rule: the message names the input and the rule, the hint the remedy. */
export class BadUserInputError extends LifeguardError {
  readonly code = 'BAD_USER_INPUT';
}

export class NotFoundError extends LifeguardError {
  readonly code = 'NOT_FOUND';
}

/** The state of things does not allow it now. */
export class ConflictError extends LifeguardError {
  readonly code = 'CONFLICT';
}

export class RateLimitedError extends LifeguardError {
  static override readonly hasStack = false;
  readonly code = 'RATE_LIMITED';
}

/** Something the server depends on (database, JWKS, user pool) is out of reach. */
export class UnavailableError extends LifeguardError {
  readonly code = 'UNAVAILABLE';
}
