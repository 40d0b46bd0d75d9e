import { createHash, getDiffieHellman, randomBytes, timingSafeEqual } from 'node:crypto';

/** What is kept of a password: hexadecimal, as in Amazon Cognito's SRP. */
export interface SrpVerifier {
  readonly salt: string;
  readonly verifier: string;
}

/** The 3072-bit group of RFC 3526, section 4, which Cognito's SRP uses with the generator 2. */
const N = BigInt(`0x${getDiffieHellman('modp15').getPrime('hex')}`);

/** @param identity the pool id's part after `_`, then the user name */
export function srpVerifier(identity: string, password: string): SrpVerifier {
  const salt = randomBytes(16).toString('hex');
  return { salt, verifier: verifierOf(salt, identity, password) };
}

export function isPassword(kept: SrpVerifier, identity: string, password: string): boolean {
  const expected = Buffer.from(kept.verifier);
  const given = Buffer.from(verifierOf(kept.salt, identity, password));
  return expected.length === given.length && timingSafeEqual(expected, given);
}

/** v = g^x with x = H(salt | H(identity ":" password)), RFC 5054, section 2.4, with SHA-256. */
function verifierOf(salt: string, identity: string, password: string): string {
  const inner = createHash('sha256').update(`${identity}:${password}`).digest();
  const outer = createHash('sha256').update(paddedHex(salt)).update(inner).digest('hex');
  return powerOfTwo(BigInt(`0x${outer}`))
    .toString(16)
    .padStart(768, '0');
}

/** Signed big-endian: a leading zero byte where the first bit is set, as Cognito pads. */
function paddedHex(hex: string): Buffer {
  return Buffer.from(/^[89a-f]/.test(hex) ? `00${hex}` : hex, 'hex');
}

function powerOfTwo(exponent: bigint): bigint {
  let result = 1n;
  for (const bit of exponent.toString(2)) {
    result = (result * result) % N;
    if (bit === '1') result = (result << 1n) % N;
  }
  return result;
}
