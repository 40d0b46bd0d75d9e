import type { AccessToken } from './access-token.js';
import type { JsonObject } from './compact-jws.js';
import { ExpiredTokenError, IdTokenError, InvalidTokenError } from './errors.js';
import type { TrustedPool } from './trusted-pool.js';

/** Seconds by which the pool's clock may be ahead of ours. */
export const CLOCK_LEEWAY = 30;

/**
 * The access token that these claims make (Cognito Developer Guide, "Understanding the access token").
 * @param now milliseconds since the epoch
 * @throws InvalidTokenError, ExpiredTokenError, IdTokenError
 */
export function accessTokenOf(claims: JsonObject, pool: TrustedPool, now: number): AccessToken {
  if (claims.token_use === 'id') throw new IdTokenError();
  if (claims.token_use !== 'access') throw new InvalidTokenError('token_use is not access');
  const clientId = name(claims, 'client_id');
  if (!pool.clientIds.includes(clientId)) throw new InvalidTokenError('no client of this pool');
  const subject = name(claims, 'sub');
  const username = optional(claims, 'username', name);
  const kind = kindOf(subject, clientId, username);
  const groups = optional(claims, 'cognito:groups', names) ?? [];
  const scope = optional(claims, 'scope', text) ?? '';
  optional(claims, 'jti', text);
  return {
    kind,
    poolId: pool.id,
    subject,
    clientId,
    username,
    groups: kind === 'client' ? [] : groups,
    scopes: scope.split(' ').filter((token) => token !== ''),
    originJti: optional(claims, 'origin_jti', text),
    ...times(claims, now / 1000),
  };
}

/** Comes last, so that a token counts as expired only if nothing else it says is wrong. */
function times(claims: JsonObject, now: number) {
  const issuedAt = time(claims, 'iat');
  const expiresAt = time(claims, 'exp');
  const authTime = optional(claims, 'auth_time', time) ?? issuedAt;
  const notBefore = optional(claims, 'nbf', time) ?? issuedAt;
  if (Math.max(issuedAt, notBefore) > now + CLOCK_LEEWAY) {
    throw new InvalidTokenError('iat or nbf is in the future');
  }
  if (expiresAt <= now) throw new ExpiredTokenError();
  return { issuedAt, expiresAt, authTime };
}

/** A token of the client credentials grant has the client as its subject and no username. */
function kindOf(subject: string, clientId: string, username: string | undefined) {
  if (subject === clientId && username === undefined) return 'client';
  if (subject !== clientId && username !== undefined) return 'person';
  throw new InvalidTokenError('neither a person nor a machine client');
}

/** Absent, not null: a claim that is there has to have its type. */
function optional<T>(
  claims: JsonObject,
  claim: string,
  read: (claims: JsonObject, claim: string) => T,
): T | undefined {
  return Object.hasOwn(claims, claim) ? read(claims, claim) : undefined;
}

function name(claims: JsonObject, claim: string): string {
  const value = text(claims, claim);
  if (value === '') throw new InvalidTokenError(`${claim} is empty`);
  return value;
}

function text(claims: JsonObject, claim: string): string {
  const value = claims[claim];
  if (isText(value)) return value;
  throw new InvalidTokenError(`${claim} is no text`);
}

function names(claims: JsonObject, claim: string): readonly string[] {
  const value = claims[claim];
  if (Array.isArray(value) && value.every(isText)) return value;
  throw new InvalidTokenError(`${claim} is no array of texts`);
}

/** PostgreSQL keeps neither half of a surrogate pair nor NUL. */
function isText(value: unknown): value is string {
  return typeof value === 'string' && value.isWellFormed() && !value.includes('\0');
}

/** A NumericDate (RFC 7519, section 2) that a Date can hold: 1e400, which reads as infinite, is none. */
function time(claims: JsonObject, claim: string): number {
  const value = claims[claim];
  if (typeof value === 'number' && !Number.isNaN(new Date(value * 1000).getTime())) return value;
  throw new InvalidTokenError(`${claim} is no time`);
}
