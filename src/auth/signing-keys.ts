import { createPublicKey, type KeyObject } from 'node:crypto';

/** A public RSA key for RS256: its JWK (RFC 7517) without whatever else was published with it. */
export type SigningKey = {
  readonly kty: 'RSA';
  readonly use: 'sig';
  readonly alg: 'RS256';
  readonly kid: string;
  readonly n: string;
  readonly e: string;
};

/** By `kid`. */
export type SigningKeys = ReadonlyMap<string, SigningKey>;

/** Bits; RFC 7518, section 3.3 allows no fewer. */
const MIN_MODULUS_LENGTH = 2048;

/**
 * The usable keys of a JSON Web Key Set; keys of other kinds and for other uses are left out.
 * @throws SyntaxError for what is no JSON, TypeError for a set without a usable key.
 */
export function signingKeys(jwks: string): SigningKeys {
  const set: unknown = JSON.parse(jwks);
  const published = typeof set === 'object' && set !== null && 'keys' in set ? set.keys : undefined;
  if (!Array.isArray(published)) throw new TypeError('The answer is no JSON Web Key Set.');
  const usable = published.map(signingKey).filter((key) => key !== undefined);
  if (usable.length === 0) throw new TypeError('The JSON Web Key Set has no usable RSA key.');
  return new Map(usable.map((key) => [key.kid, key]));
}

function signingKey(jwk: unknown): SigningKey | undefined {
  if (typeof jwk !== 'object' || jwk === null) return undefined;
  // Members of an object that came from JSON; each is looked at below.
  const { kty, use = 'sig', alg = 'RS256', kid, n, e } = jwk as Readonly<Record<string, unknown>>;
  if (kty !== 'RSA' || use !== 'sig' || alg !== 'RS256') return undefined;
  if (typeof kid !== 'string' || kid === '') return undefined;
  if (typeof n !== 'string' || typeof e !== 'string') return undefined;
  const key: SigningKey = { kty, use, alg, kid, n, e };
  return modulusLength(key) < MIN_MODULUS_LENGTH ? undefined : key;
}

/** 0 for what is no RSA key at all. */
function modulusLength(key: SigningKey): number {
  try {
    return publicKeyOf(key).asymmetricKeyDetails?.modulusLength ?? 0;
  } catch {
    return 0;
  }
}

const publicKeys = new WeakMap<SigningKey, KeyObject>();

/**
 * The key as Node has it, made once: that takes longer than to check a signature with it.
 * @throws Error for what is no RSA key
 */
export function publicKeyOf(key: SigningKey): KeyObject {
  const known = publicKeys.get(key) ?? createPublicKey({ key, format: 'jwk' });
  publicKeys.set(key, known);
  return known;
}
