import { createHash, getDiffieHellman, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Pool } from '../pools/pool-store.js';

/** What is kept of a password: hexadecimal, as in Amazon Cognito's SRP. */
export interface SrpVerifier {
  readonly salt: string;
  readonly verifier: string;
}

/** The 3072-bit group of RFC 3526, section 4, which Cognito's SRP uses with the generator 2. */
export const N = BigInt(`0x${getDiffieHellman('modp15').getPrime('hex')}`);

export function srpVerifier(pool: Pool, username: string, password: string): SrpVerifier {
  const salt = randomBytes(16).toString('hex');
  return { salt, verifier: verifierOf(salt, identityOf(pool.id, username), password) };
}

/** Where nothing is kept, by an account or by none at all, the answer is no and takes as long. */
export function isPassword(
  kept: SrpVerifier | undefined,
  pool: Pool,
  username: string,
  password: string,
): boolean {
  const { salt, verifier } = kept ?? nobodysVerifier('f'.repeat(32));
  const expected = Buffer.from(verifier);
  const given = Buffer.from(verifierOf(salt, identityOf(pool.id, username), password));
  return expected.length === given.length && timingSafeEqual(expected, given);
}

/** No power of the generator is zero: no password has this verifier. */
export function nobodysVerifier(salt: string): SrpVerifier {
  return { salt, verifier: '0'.repeat(768) };
}

/** The name a verifier is bound to: the pool id's part after `_`, then the user name. */
export function identityOf(poolId: string, username: string): string {
  return poolId.slice(poolId.indexOf('_') + 1) + username;
}

/** v = g^x with x = H(salt | H(identity ":" password)), RFC 5054, section 2.4, with SHA-256. */
function verifierOf(salt: string, identity: string, password: string): string {
  const inner = createHash('sha256').update(`${identity}:${password}`).digest();
  const outer = createHash('sha256').update(paddedHex(salt)).update(inner).digest('hex');
  return powerOfTwo(BigInt(`0x${outer}`))
    .toString(16)
    .padStart(768, '0');
}

/** A number as Cognito's clients hash it: signed big-endian, as short as can be. */
export function paddedHex(hex: string): Buffer {
  const digits = BigInt(`0x${hex}`).toString(16);
  const even = digits.length % 2 === 0 ? digits : `0${digits}`;
  return Buffer.from(/^[89a-f]/.test(even) ? `00${even}` : even, 'hex');
}

/**
 * Four bits of the exponent a round, each by one multiplication: the powers of the generator are always
 * the same ones, so they are worked out once. An installation makes some 200 verifiers at its first start.
 */
export function powerOfTwo(exponent: bigint): bigint {
  POWERS ??= powersOfTwo();
  let result = 1n;
  for (const [round, digit] of [...exponent.toString(16)].reverse().entries())
    result = (result * (POWERS[round]?.[Number.parseInt(digit, 16)] ?? 1n)) % N;
  return result;
}

/** By round and digit: 2 to the power of digit * 16^round, for exponents of 256 bits. */
let POWERS: readonly (readonly bigint[])[] | undefined;

function powersOfTwo(): bigint[][] {
  let base = 2n;
  return Array.from({ length: 64 }, () => {
    const powers = [1n];
    for (let digit = 1; digit <= 16; digit++) powers.push(((powers.at(-1) ?? 1n) * base) % N);
    base = powers.pop() ?? 1n;
    return powers;
  });
}
