import { createHash, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import { identityOf, N, paddedHex, powerOfTwo, type SrpVerifier } from './srp.js';

/** What the server keeps between its half of the exchange and the client's proof; hexadecimal. */
export interface SrpSecret {
  readonly A: string;
  readonly B: string;
  readonly b: string;
}

/** The server's half: B = kv + g^b (RFC 5054, section 2.5.3). Undefined for an `A` that is no public value. */
export function srpExchange({ verifier }: SrpVerifier, A: string): SrpSecret | undefined {
  // Section 2.5.4: whoever sends a multiple of N would know the key without a password.
  if (!/^[0-9a-f]{1,1024}$/i.test(A) || BigInt(`0x${A}`) % N === 0n) return undefined;
  const b = randomBytes(32).toString('hex');
  const B = (MULTIPLIER * BigInt(`0x${verifier}`) + powerOfTwo(BigInt(`0x${b}`))) % N;
  return { A, B: B.toString(16), b };
}

/** What a client signs to show that it came to the same key. */
export interface SrpClaim {
  readonly poolId: string;
  readonly username: string;
  /** Base64. */
  readonly secretBlock: string;
  /** As the client wrote it, such as `Mon Nov 23 06:00:00 UTC 2026`. */
  readonly timestamp: string;
  /** HMAC-SHA256, base64. */
  readonly signature: string;
}

/** Whether a client came to the server's key, which takes the password. */
export function provesPassword(
  { verifier }: SrpVerifier,
  { A, B, b }: SrpSecret,
  { poolId, username, secretBlock, timestamp, signature }: SrpClaim,
): boolean {
  const u = sha256(paddedHex(A), paddedHex(B));
  const base = (BigInt(`0x${A}`) * power(BigInt(`0x${verifier}`), BigInt(`0x${u}`))) % N;
  const secret = power(base, BigInt(`0x${b}`)).toString(16);
  const key = hkdfSync('sha256', paddedHex(secret), paddedHex(u), INFO, KEY_LENGTH);
  const expected = createHmac('sha256', Buffer.from(key))
    .update(identityOf(poolId, username))
    .update(Buffer.from(secretBlock, 'base64'))
    .update(timestamp)
    .digest();
  const given = Buffer.from(signature, 'base64');
  return expected.length === given.length && timingSafeEqual(expected, given);
}

/** k = H(N | g), RFC 5054, section 2.5.3. */
const MULTIPLIER = BigInt(`0x${sha256(paddedHex(N.toString(16)), paddedHex('2'))}`);
/** Cognito's clients derive the signing key under this name. */
const INFO = 'Caldera Derived Key';
const KEY_LENGTH = 16;

function sha256(...parts: readonly Buffer[]): string {
  return createHash('sha256').update(Buffer.concat(parts)).digest('hex');
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = base % N;
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % N;
    square = (square * square) % N;
  }
  return result;
}
