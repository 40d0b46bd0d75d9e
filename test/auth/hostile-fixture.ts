import { createHmac, generateKeyPairSync } from 'node:crypto';
import { trustedPool } from '../../src/auth/trusted-pool.js';
import { type Claims, encoded, type Part, TokenForge } from '../support/token-forge.js';
import { startJwksServer } from './jwks-server.js';

/** Hostile tokens under a name each, by what is wrong with them. */
export type Matrix = Readonly<Record<string, readonly Case[]>>;
export type Case = readonly [name: string, token: string];

/** Publishes the keys of both pools. */
export const keys = await startJwksServer((response) => {
  const { url } = response.req;
  const published = PUBLISHED.get(url?.split('/', 2)[1] ?? '') ?? [];
  response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: published }));
});
const { origin: endpoint } = keys;

export const pool = trustedPool({
  id: 'eu-west-1_Ab12Cd34E',
  clientIds: ['1example23456789'],
  endpoint,
});
export const otherPool = trustedPool({
  id: 'eu-west-1_Zy98Xw76V',
  clientIds: ['9another87654321'],
  endpoint,
});
export const [issuer] = pool.issuers;
export const [otherIssuer] = otherPool.issuers;

export const forge = new TokenForge({ issuer });
/** The pool publishes its key as well. */
export const second = new TokenForge({ issuer, kid: 'key-2' });
export const otherForge = new TokenForge({
  issuer: otherIssuer,
  kid: 'o-1',
  clientId: '9another87654321',
});
/** The pool publishes its key for something else. */
export const encrypting = new TokenForge({ issuer, kid: 'enc-1' });
/** The pool publishes it, and no token of Cognito is signed with it. */
export const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' });
/** Neither should anybody publish this. */
export const SHARED_SECRET = 'x'.repeat(32);
const PUBLISHED: ReadonlyMap<string, readonly object[]> = new Map([
  [
    pool.id,
    [
      forge.jwk(),
      second.jwk(),
      { ...encrypting.jwk(), use: 'enc' },
      { ...elliptic.publicKey.export({ format: 'jwk' }), use: 'sig', alg: 'ES256', kid: 'ec-1' },
      { kty: 'oct', k: encoded(SHARED_SECRET), use: 'sig', alg: 'HS256', kid: 'oct-1' },
    ],
  ],
  [otherPool.id, [otherForge.jwk()]],
]);
/** Claims to be the pool, yet nobody publishes its key. */
export const stranger = new TokenForge({ issuer });

/** Where a verifier would go that follows `jku` and its like. */
export const trap = await startJwksServer(stranger.jwks());

export const good = forge.accessToken();
export const [header = '', payload = '', signature = ''] = good.split('.');
export const goodJson = JSON.stringify(forge.claims());

export const withHeader = (parameters: Claims) =>
  forge.sign(forge.header(parameters), forge.claims());

export const withPayload = (payload: Part) => forge.sign(forge.header(), payload);

/** A good token but for parameters of its header, signed by whatever says so. */
export function signedBy(parameters: Claims, signed: (input: Buffer) => Buffer): string {
  const input = `${encoded(forge.header(parameters))}.${payload}`;
  return `${input}.${encoded(signed(Buffer.from(input)))}`;
}

export const hmac = (secret: string | Buffer) => (input: Buffer) =>
  createHmac('sha256', secret).update(input).digest();

export const claiming = (name: string, claims: Claims): Case => [name, forge.accessToken(claims)];

/** JSON whose base64url ends in unused bits. */
export function unaligned(value: object): string {
  const text = JSON.stringify(value);
  return encoded(text.length % 3 === 0 ? `${text} ` : text);
}

/** The same bytes, with a stray bit behind the last one. */
export function strayBit(part: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return part.slice(0, -1) + alphabet.charAt(alphabet.indexOf(part.slice(-1)) + 1);
}
