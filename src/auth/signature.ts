import { verify } from 'node:crypto';
import { validateCognitoJwtFields } from 'aws-jwt-verify/cognito-verifier';
import { JwtBaseError } from 'aws-jwt-verify/error';
import type { JwtPayload } from 'aws-jwt-verify/jwt-model';
import { verifyJwtSync } from 'aws-jwt-verify/jwt-verifier';
import { CLOCK_LEEWAY } from './claims.js';
import { InvalidTokenError } from './errors.js';
import { publicKeyOf, type SigningKey } from './signing-keys.js';
import type { TrustedPool } from './trusted-pool.js';

/**
 * Refuses a wrong signature, and lets aws-jwt-verify check the signature and, once more, issuer, client and use. Its function rather
 * than its verifier class: that one keeps a key by its `kid` for ever, even one since withdrawn. What is wrong never gets
 * there: strangers may send as many as they like, and it would take three times as long.
 * @throws InvalidTokenError
 */
export function verifySignature(token: string, key: SigningKey, pool: TrustedPool): void {
  if (!isSignedBy(key, token)) throw new InvalidTokenError('the signature is wrong');
  try {
    const rules = {
      issuer: [...pool.issuers],
      audience: null,
      graceSeconds: CLOCK_LEEWAY,
      customJwtCheck: ({ payload }: { payload: JwtPayload }) =>
        validateCognitoJwtFields(payload, { tokenUse: 'access', clientId: [...pool.clientIds] }),
    };
    verifyJwtSync(token, key, rules, () => publicKeyOf(key));
  } catch (error) {
    if (!(error instanceof JwtBaseError)) throw error;
    // Its message may quote claims; the name of its class says enough.
    throw new InvalidTokenError(error.constructor.name);
  }
}

/** RS256, see RFC 7518, section 3.3, over the two parts as they came (RFC 7515, section 5.2). */
function isSignedBy(key: SigningKey, token: string): boolean {
  const end = token.lastIndexOf('.');
  const signature = Buffer.from(token.slice(end + 1), 'base64url');
  return verify('RSA-SHA256', Buffer.from(token.slice(0, end)), publicKeyOf(key), signature);
}
