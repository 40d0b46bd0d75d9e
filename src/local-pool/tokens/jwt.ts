import { sign, verify } from 'node:crypto';
import type { SigningKey } from './installation.js';

/** A signed token with the header that Cognito writes: `kid` and `alg`, no `typ`. */
export function signedJwt({ kid, privateKey }: SigningKey, claims: object): string {
  const input = [{ kid, alg: 'RS256' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  return `${input}.${sign('sha256', Buffer.from(input), privateKey).toString('base64url')}`;
}

/** The claims of a token that one of the keys signed; undefined for any other text. */
export function verifiedClaims(keys: readonly SigningKey[], token: string): unknown {
  const [header, payload, signature, ...more] = token.split('.');
  if (!header || !payload || !signature || more.length > 0) return undefined;
  const bytes = Buffer.from(signature, 'base64url');
  // Decoding passes over what is no base64url: a text that reads otherwise was tampered with.
  if (bytes.toString('base64url') !== signature) return undefined;
  const key = keys.find(({ publicKey }) =>
    verify('sha256', Buffer.from(`${header}.${payload}`), publicKey, bytes),
  );
  return key === undefined ? undefined : JSON.parse(Buffer.from(payload, 'base64url').toString());
}
