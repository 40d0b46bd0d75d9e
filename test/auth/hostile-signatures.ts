import { constants, hash, privateEncrypt, sign } from 'node:crypto';
import { encoded } from '../support/token-forge.js';
import {
  type Case,
  forge,
  header,
  hmac,
  type Matrix,
  otherForge,
  payload,
  second,
  signature,
  signedBy,
  stranger,
  trap,
  withHeader,
} from './hostile-fixture.js';

const { privateKey, publicKey } = forge;
const pem = publicKey.export({ type: 'spki', format: 'pem' });
const der = publicKey.export({ type: 'spki', format: 'der' });
const pss = { key: privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };

function flipped(part: string, bit: number): string {
  const bytes = Buffer.from(part, 'base64url');
  const place = (bit >> 3) % bytes.length;
  bytes.writeUInt8(bytes.readUInt8(place) ^ (1 << (bit & 7)), place);
  return encoded(bytes);
}

/** The same number to the key, which the standard has refused (RFC 8017, section 5.2.2). */
function plusModulus(part: string): Buffer {
  const [number, modulus] = [part, String(forge.jwk().n)].map((text) =>
    BigInt(`0x${Buffer.from(text, 'base64url').toString('hex')}`),
  );
  return Buffer.from(((number ?? 0n) + (modulus ?? 0n)).toString(16).padStart(514, '0'), 'hex');
}

export const SIGNATURES: Matrix = {
  'of another algorithm': [
    ['none without a signature', `${encoded({ kid: forge.kid, alg: 'none' })}.${payload}.`],
    ['none with a signature', withHeader({ alg: 'none' })],
    ['None', withHeader({ alg: 'None' })],
    ['NONE', withHeader({ alg: 'NONE' })],
    ['rs256 in small letters', withHeader({ alg: 'rs256' })],
    ['RS256 and a space', withHeader({ alg: 'RS256 ' })],
    ['RS256 and NUL', withHeader({ alg: 'RS256\0' })],
    ['no alg', withHeader({ alg: undefined })],
    ['an empty alg', withHeader({ alg: '' })],
    ['null', withHeader({ alg: null })],
    ['an array', withHeader({ alg: ['RS256'] })],
    ['an object', withHeader({ alg: { RS256: true } })],
    ['HS256 keyed with the public PEM', signedBy({ alg: 'HS256' }, hmac(pem))],
    ['HS256 keyed with the public DER', signedBy({ alg: 'HS256' }, hmac(der))],
    ['HS256 keyed with the modulus', signedBy({ alg: 'HS256' }, hmac(String(forge.jwk().n)))],
    ['HS256 keyed with nothing', signedBy({ alg: 'HS256' }, hmac(''))],
    ['an HMAC that says RS256', signedBy({}, hmac(pem))],
    ['RS384, really', signedBy({ alg: 'RS384' }, (input) => sign('sha384', input, privateKey))],
    ['RS512, really', signedBy({ alg: 'RS512' }, (input) => sign('sha512', input, privateKey))],
    ['PS256, really', signedBy({ alg: 'PS256' }, (input) => sign('sha256', input, pss))],
    ['PS256 that says RS256', signedBy({}, (input) => sign('sha256', input, pss))],
    ['SHA-512 that says RS256', signedBy({}, (input) => sign('sha512', input, privateKey))],
    ['SHA-1 that says RS256', signedBy({}, (input) => sign('sha1', input, privateKey))],
    ['HS384 keyed with the public PEM', signedBy({ alg: 'HS384' }, hmac(pem))],
    ['HS256 keyed with the JWK', signedBy({ alg: 'HS256' }, hmac(JSON.stringify(forge.jwk())))],
    ['a hash in place of a signature', signedBy({}, (input) => hash('sha256', input, 'buffer'))],
    [
      'a bare hash under the key',
      signedBy({}, (input) => privateEncrypt(privateKey, hash('sha256', input, 'buffer'))),
    ],
    [
      'the payload alone signed',
      signedBy({}, () => sign('sha256', Buffer.from(payload), privateKey)),
    ],
  ],
  'with a key of its own': [
    ['jwk', stranger.sign(stranger.header({ jwk: stranger.jwk() }), forge.claims())],
    ['jku', stranger.sign(stranger.header({ jku: trap.jwksUri }), forge.claims())],
    ['x5u', stranger.sign(stranger.header({ x5u: trap.jwksUri }), forge.claims())],
    ['x5c', stranger.sign(stranger.header({ x5c: [encoded(der)] }), forge.claims())],
    ['kid that is a URL', stranger.sign(stranger.header({ kid: trap.jwksUri }), forge.claims())],
    ['jku beside a good signature', withHeader({ jku: trap.jwksUri })],
    ['jwk beside a good signature', withHeader({ jwk: forge.jwk() })],
    ['x5u beside a good signature', withHeader({ x5u: trap.jwksUri })],
    ['x5c beside a good signature', withHeader({ x5c: [] })],
    ['x5t beside a good signature', withHeader({ x5t: encoded(hash('sha1', der, 'buffer')) })],
    [
      'x5t#S256 beside a good signature',
      withHeader({ 'x5t#S256': encoded(hash('sha256', der, 'buffer')) }),
    ],
    ['x5t for a kid', withHeader({ kid: undefined, x5t: encoded(hash('sha1', der, 'buffer')) })],
    ['the trap as issuer', stranger.accessToken({ iss: trap.origin })],
  ],
  'with a kid': [
    ['that is unknown', withHeader({ kid: 'unknown' })],
    ['of the pool’s other key', withHeader({ kid: second.kid })],
    ['of another pool', withHeader({ kid: otherForge.kid })],
    ['that is absent', withHeader({ kid: undefined })],
    ['that is empty', withHeader({ kid: '' })],
    ['that is null', withHeader({ kid: null })],
    ['that is a number', withHeader({ kid: 1 })],
    ['that is an array', withHeader({ kid: [forge.kid] })],
    ['that is a path', withHeader({ kid: '../../../../dev/null' })],
    ['that is SQL', withHeader({ kid: "key-1' OR '1'='1" })],
    ['with NUL behind', withHeader({ kid: `${forge.kid}\0` })],
    ['in capitals', withHeader({ kid: forge.kid.toUpperCase() })],
    ['__proto__', withHeader({ kid: '__proto__' })],
    ['constructor', withHeader({ kid: 'constructor' })],
  ],
  'with a signature': [
    ['of another key under the same kid', stranger.accessToken()],
    ['of the pool’s other key under the same kid', second.sign(forge.header(), forge.claims())],
    [
      'of another token',
      `${header}.${encoded(forge.claims({ sub: 'someone-else' }))}.${signature}`,
    ],
    ['that is empty', `${header}.${payload}.`],
    ['of one zero byte', `${header}.${payload}.AA`],
    ['of 256 zero bytes', `${header}.${payload}.${encoded(Buffer.alloc(256))}`],
    ['of 256 bytes 0xFF', `${header}.${payload}.${encoded(Buffer.alloc(256, 0xff))}`],
    ['that is the number 1', `${header}.${payload}.${encoded(Buffer.alloc(256).fill(1, 255))}`],
    ['that is larger by the modulus', `${header}.${payload}.${encoded(plusModulus(signature))}`],
    [
      'cut short',
      `${header}.${payload}.${encoded(Buffer.from(signature, 'base64url').subarray(1))}`,
    ],
    ['too long', `${header}.${payload}.${encoded(Buffer.from(`${signature}AA`, 'base64url'))}`],
  ],
  'with a flipped bit in its': [
    ...[1, 9, 77, 150].map(
      (bit): Case => [`header, ${bit}`, `${flipped(header, bit)}.${payload}.${signature}`],
    ),
    ...[3, 64, 500, 1501, 2802].map(
      (bit): Case => [`payload, ${bit}`, `${header}.${flipped(payload, bit)}.${signature}`],
    ),
    ...[0, 7, 100, 1023, 2047].map(
      (bit): Case => [`signature, ${bit}`, `${header}.${payload}.${flipped(signature, bit)}`],
    ),
  ],
};
