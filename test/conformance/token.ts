import { JwtVerifier } from 'aws-jwt-verify';
import { validateCognitoJwtFields } from 'aws-jwt-verify/cognito-verifier';
import type { Jwks } from 'aws-jwt-verify/jwk';
import { z } from 'zod';
import { Difference, nameOf, textOf } from './difference.js';
import type { Place, PoolUnderTest } from './pool-under-test.js';

const anObject = z.record(z.string(), z.unknown());

/** The claims of a token, unverified; none of what is no JWT. */
export const claimsOf = (token: string | undefined) => part(token, 1);
/** Its header. */
export const headerOf = (token: string | undefined) => part(token, 0);

function part(token: string | undefined, index: 0 | 1): Record<string, unknown> {
  const text = Buffer.from((token ?? '').split('.')[index] ?? '', 'base64url').toString();
  try {
    return anObject.parse(JSON.parse(text));
  } catch {
    throw new Difference('A token', 'a JWT', token ?? 'nothing');
  }
}

export const issuerOf = (pool: PoolUnderTest, { poolId }: Place) =>
  `${pool.target.issuer}/${poolId}`;

/** The published keys of a pool. */
export async function keysOf(pool: PoolUnderTest, { poolId }: Place): Promise<unknown> {
  const response = await fetch(`${pool.target.endpoint}/${poolId}/.well-known/jwks.json`);
  return response.json();
}

/** Verifies a token as an API does that trusts the pool. @throws Difference */
export async function expectVerified(
  pool: PoolUnderTest,
  place: Place,
  token: string | undefined,
  tokenUse: 'access' | 'id',
): Promise<void> {
  const verifier = JwtVerifier.create({
    issuer: issuerOf(pool, place),
    audience: null,
    jwksUri: `${pool.target.endpoint}/${place.poolId}/.well-known/jwks.json`,
    customJwtCheck: ({ payload }) =>
      validateCognitoJwtFields(payload, { clientId: place.clientId, tokenUse }),
  });
  try {
    verifier.cacheJwks((await keysOf(pool, place)) as Jwks); // the verifier checks them anew
    await verifier.verify(token ?? '');
  } catch (error) {
    throw new Difference(
      `aws-jwt-verify, of an ${tokenUse} token`,
      'a verified token',
      `${nameOf(error)}: ${textOf(error)}`,
    );
  }
}
