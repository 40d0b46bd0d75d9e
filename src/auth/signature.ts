import { validateCognitoJwtFields } from 'aws-jwt-verify/cognito-verifier';
import { JwtBaseError } from 'aws-jwt-verify/error';
import type { JwtPayload } from 'aws-jwt-verify/jwt-model';
import { verifyJwtSync } from 'aws-jwt-verify/jwt-verifier';
import { CLOCK_LEEWAY } from './claims.js';
import { InvalidTokenError } from './errors.js';
import { publicKeyOf, type SigningKey } from './signing-keys.js';
import type { TrustedPool } from './trusted-pool.js';

/**
 * Lets aws-jwt-verify check the signature and, once more, issuer, client and use. Its function rather
 * than its verifier class: that one keeps a key by its `kid` for ever, even one since withdrawn.
 * @throws InvalidTokenError
 */
export function verifySignature(token: string, key: SigningKey, pool: TrustedPool): void {
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
