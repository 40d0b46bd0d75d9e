import { UnauthenticatedError } from '../errors.js';
import type { AccessToken } from './access-token.js';

/** What may end a token before its `exp`. */
export interface Standing {
  /** The account is gone from its pool. */
  readonly deleted: boolean;
  readonly enabled: boolean;
  /** Tokens of sign-ins up to this moment of the pool's clock are refused. Milliseconds since the epoch. */
  readonly refusedBefore: number | null;
  /** The sign-in that the token descends from was ended. */
  readonly ended: boolean;
}

/**
 * `exp` alone would let a token outlive all of these.
 * @throws UnauthenticatedError (reason `deleted`, `disabled` or `revoked`)
 */
export function refuseEnded(standing: Standing, token: AccessToken): void {
  if (standing.deleted) throw ended('deleted');
  if (!standing.enabled) throw ended('disabled');
  if (standing.ended || isRefusedBefore(standing.refusedBefore, token)) throw ended('revoked');
}

/**
 * A refreshed token keeps the `auth_time` of its sign-in. Claims are whole seconds: a token of the same second
 * may be older than the moment.
 */
function isRefusedBefore(refusedBefore: number | null, token: AccessToken): boolean {
  if (refusedBefore === null) return false;
  return Math.min(token.issuedAt, token.authTime) * 1000 <= refusedBefore;
}

function ended(reason: 'deleted' | 'disabled' | 'revoked'): UnauthenticatedError {
  return new UnauthenticatedError('The access token is no longer accepted.', {
    reason,
    hint: 'Sign in again.',
  });
}
