import { createHash, createHmac, getDiffieHellman, hkdfSync, randomBytes } from 'node:crypto';

/** The 3072-bit group of RFC 5054 (appendix A), which is that of RFC 3526, with the generator 2. */
const N = BigInt(`0x${getDiffieHellman('modp15').getPrime('hex')}`);
const g = 2n;
const k = integer(sha256(bytes(N), bytes(g)));

/** A client's half of one SRP exchange, as Cognito's own libraries do it. */
export class SrpClient {
  readonly #a = BigInt(`0x${randomBytes(32).toString('hex')}`);
  readonly #A = power(g, this.#a);

  /** SRP_A. */
  get A(): string {
    return this.#A.toString(16);
  }

  /** ChallengeResponses of PASSWORD_VERIFIER. */
  answer(
    poolId: string,
    password: string,
    challenge: Readonly<Record<string, string>>,
    timestamp = timestampOf(new Date()),
  ): Record<string, string> {
    const { SALT = '0', SRP_B = '0', SECRET_BLOCK = '', USER_ID_FOR_SRP = '' } = challenge;
    const identity = poolId.slice(poolId.indexOf('_') + 1) + USER_ID_FOR_SRP;
    const B = BigInt(`0x${SRP_B}`);
    const u = integer(sha256(bytes(this.#A), bytes(B)));
    const x = integer(sha256(bytes(BigInt(`0x${SALT}`)), sha256(`${identity}:${password}`)));
    const base = (((B - k * power(g, x)) % N) + N) % N;
    const S = power(base, this.#a + u * x);
    const key = Buffer.from(hkdfSync('sha256', bytes(S), bytes(u), 'Caldera Derived Key', 16));
    const signature = createHmac('sha256', key)
      .update(identity)
      .update(Buffer.from(SECRET_BLOCK, 'base64'))
      .update(timestamp)
      .digest('base64');
    return {
      USERNAME: USER_ID_FOR_SRP,
      PASSWORD_CLAIM_SECRET_BLOCK: SECRET_BLOCK,
      PASSWORD_CLAIM_SIGNATURE: signature,
      TIMESTAMP: timestamp,
    };
  }
}

/** Such as `Mon Nov 9 06:00:00 UTC 2026`, in English, the day without a zero before it. */
function timestampOf(date: Date): string {
  const [weekday = '', day, month = '', year, time] = date.toUTCString().split(' ');
  return `${weekday.slice(0, 3)} ${month} ${Number(day)} ${time} UTC ${year}`;
}

/** Big-endian, and with a zero byte before a first byte over 127, as Cognito writes numbers. */
function bytes(number: bigint): Buffer {
  const hex = number.toString(16);
  const even = hex.length % 2 === 0 ? hex : `0${hex}`;
  return Buffer.from(/^[89a-f]/.test(even) ? `00${even}` : even, 'hex');
}

function sha256(...parts: readonly (string | Buffer)[]): Buffer {
  return parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
}

function integer(digest: Buffer): bigint {
  return BigInt(`0x${digest.toString('hex')}`);
}

function power(base: bigint, exponent: bigint): bigint {
  let [result, factor] = [1n, base % N];
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * factor) % N;
    factor = (factor * factor) % N;
  }
  return result;
}
