import { JwtVerifier } from 'aws-jwt-verify';
import { validateCognitoJwtFields } from 'aws-jwt-verify/cognito-verifier';
import { SimpleJwksCache } from 'aws-jwt-verify/jwk';
import { CLIENT_ID, ISSUER } from './environment.ts';

export interface AccessToken {
  readonly subject: string;
  /** Seconds since the epoch. */
  readonly issuedAt: number;
  readonly expiresAt: number;
}

const verifier = JwtVerifier.create(
  { issuer: ISSUER, audience: null, jwksUri: `${ISSUER}/.well-known/jwks.json` },
  // The library's own fetcher speaks https alone, and the keys of the run are on loopback.
  {
    jwksCache: new SimpleJwksCache({
      fetcher: { fetch: async (uri) => (await fetch(uri)).arrayBuffer() },
    }),
  },
);

/** @throws JwtBaseError for a token that is not an access token of the pool and its client. */
export async function verified(token: string): Promise<AccessToken> {
  const claims = await verifier.verify(token);
  validateCognitoJwtFields(claims, { tokenUse: 'access', clientId: CLIENT_ID });
  const { sub, iat, exp } = claims;
  if (sub === undefined || iat === undefined || exp === undefined)
    throw new Error('The token lacks a claim.');
  return { subject: sub, issuedAt: iat, expiresAt: exp };
}
