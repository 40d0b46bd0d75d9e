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
    super('The user pool has no such group.', {
      reason: 'pool_group',
      hint: 'Name one of the `groups` of the pool.',
      cause,
    });
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

/** The pool is none of this server's: it is not asked. */
export class PoolNotConfiguredError extends Error {
  override readonly name = 'PoolNotConfiguredError';

  constructor() {
    super('The account is of a pool that is not configured.');
  }
}

/** Why a pool does not take what a user writes about themselves. */
export type OwnAttributesFault =
  /** The token has ended at the pool. */
  | 'revoked'
  | 'disabled'
  /** The user is unconfirmed, or has to set a new password first. */
  | 'status'
  /** The pool grants this token no writing: its scopes, or the pool's firewall. */
  | 'token'
  /** Users of the app client may not write one of the attributes. */
  | 'attribute'
  /** A value is none that the pool takes. */
  | 'value'
  /** An address or preferred user name is another's. */
  | 'alias'
  /** The attributes may have been written; the code could not be sent. */
  | 'delivery'
  | 'limit';

/** A refusal of the pool that is about one user: the pool itself is well. */
export class OwnAttributesError extends Error {
  override readonly name = 'OwnAttributesError';

  /** @param detail in the pool's words, which may hold values: not for the log, and not for anybody else. */
  constructor(
    readonly fault: OwnAttributesFault,
    readonly detail: string,
  ) {
    super(`The pool does not take the attributes: ${fault}.`);
  }
}

/** Why a pool does not take what an administrator asks of it. */
export type PoolFault =
  /** There is a user of that name. */
  | 'username'
  /** An address or preferred user name is another's. */
  | 'alias'
  /** There is a group of that name. */
  | 'group'
  /** A value is none that the pool takes. */
  | 'value'
  /** The pool's password policy. */
  | 'password'
  /** The account's state does not allow it. */
  | 'status'
  | 'limit'
  /** The message could not be sent. */
  | 'delivery'
  /** A Lambda function of the pool refused or failed. */
  | 'trigger';

/** A refusal of the pool that is about one user or group: the pool itself is well. */
export class PoolRefusalError extends Error {
  override readonly name = 'PoolRefusalError';

  /** @param detail in the pool's words, which may hold values: not for the log. */
  constructor(
    readonly fault: PoolFault,
    readonly detail: string,
  ) {
    super(`The pool does not take it: ${fault}.`);
  }
}
