import { createHash, timingSafeEqual } from 'node:crypto';
import { OAuthError } from './oauth-error.js';
import type { Parameters } from './parameters.js';

/** SHA-256 in base64url (RFC 7636 section 4.2). */
const CHALLENGE = /^[\w-]{43}$/;
/** RFC 7636 section 4.1. */
const VERIFIER = /^[\w.~-]{43,128}$/;

/**
 * The code challenge of an authorization request, where the client sends one. Only S256 is taken: without a
 * method it would be `plain`, which Cognito does not have.
 * @throws OAuthError invalid_request
 */
export function codeChallengeOf(parameters: Parameters): string | undefined {
  const challenge = parameters.get('code_challenge');
  const method = parameters.get('code_challenge_method');
  if (challenge === undefined && method === undefined) return undefined;
  if (method !== 'S256')
    throw new OAuthError('invalid_request', 'The code_challenge_method has to be S256.');
  if (challenge === undefined || !CHALLENGE.test(challenge))
    throw new OAuthError('invalid_request', 'The code_challenge is no SHA-256 in base64url.');
  return challenge;
}

/**
 * Whether the verifier is what the challenge was made from. A verifier without a challenge is refused as well:
 * whoever strips the challenge from a request must not get away with it (RFC 9700 section 4.8).
 */
export function isVerifiedBy(challenge: string | null, verifier: string | undefined): boolean {
  if (challenge === null) return verifier === undefined;
  if (verifier === undefined || !VERIFIER.test(verifier)) return false;
  const digest = createHash('sha256').update(verifier).digest('base64url');
  return timingSafeEqual(Buffer.from(digest), Buffer.from(challenge));
}
