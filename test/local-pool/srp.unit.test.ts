import { createHash, getDiffieHellman } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isPassword, srpVerifier } from '../../src/local-pool/accounts/srp.js';
import { newPool } from '../../src/local-pool/pools/pool-settings.js';

const pool = {
  id: 'us-east-1_AbCdEfGhI',
  settings: newPool.parse({ PoolName: 'test' }),
  createdAt: 0,
  modifiedAt: 0,
};

const N = BigInt(`0x${getDiffieHellman('modp15').getPrime('hex')}`);

/** The plain way, to compare with. */
function power(base: bigint, exponent: bigint): bigint {
  let [result, factor] = [1n, base];
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * factor) % N;
    factor = (factor * factor) % N;
  }
  return result;
}

/** A number as bytes: none too many, and a zero before one whose first bit is set. */
function bytesOf(number: bigint): Buffer {
  const hex = number.toString(16);
  const even = hex.length % 2 === 0 ? hex : `0${hex}`;
  const bytes = Buffer.from(even, 'hex');
  return bytes.readUInt8(0) > 127 ? Buffer.concat([Buffer.alloc(1), bytes]) : bytes;
}

const sha256 = (...parts: readonly (string | Buffer)[]) =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();

describe('a verifier', () => {
  test("is 2 to the hash of salt, pool, user name and password, in Cognito's group", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (username, password) => {
        const { salt, verifier } = srpVerifier(pool, username, password);
        const inner = sha256(`AbCdEfGhI${username}:${password}`);
        const x = BigInt(`0x${sha256(bytesOf(BigInt(`0x${salt}`)), inner).toString('hex')}`);
        expect(BigInt(`0x${verifier}`)).toBe(power(2n, x));
        expect(verifier).toHaveLength(768);
      }),
      { numRuns: 40 },
    );
  });

  test('knows its own password and no other', () => {
    const kept = srpVerifier(pool, 'uma', 'Lifeguard1!');
    expect(isPassword(kept, pool, 'uma', 'Lifeguard1!')).toBe(true);
    expect(isPassword(kept, pool, 'uma', 'Lifeguard1')).toBe(false);
    expect(isPassword(kept, pool, 'sam', 'Lifeguard1!')).toBe(false);
    expect(isPassword(kept, { ...pool, id: 'us-east-1_x' }, 'uma', 'Lifeguard1!')).toBe(false);
  });

  test('of nobody has no password, not even an empty one', () => {
    fc.assert(
      fc.property(fc.string(), (password) => !isPassword(undefined, pool, 'uma', password)),
      { numRuns: 40, examples: [[''], ['0'], ['undefined']] },
    );
  });

  test('has another salt every time', () => {
    const salts = Array.from({ length: 20 }, () => srpVerifier(pool, 'uma', 'Lifeguard1!').salt);
    expect(new Set(salts).size).toBe(20);
  });
});
