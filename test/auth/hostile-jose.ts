import { generateKeyPairSync, hash, sign } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { encoded } from '../support/token-forge.js';
import {
  elliptic,
  encrypting,
  forge,
  good,
  goodJson,
  header,
  hmac,
  type Matrix,
  payload,
  SHARED_SECRET,
  signature,
  signedBy,
  withHeader,
} from './hostile-fixture.js';

const { privateKey: curve } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const { privateKey: edwards } = generateKeyPairSync('ed25519');

/** As JWA has it (RFC 7518, section 3.4), not as ASN.1 has it. */
const ecdsa =
  (key = curve) =>
  (input: Buffer) =>
    sign('sha256', input, { key, dsaEncoding: 'ieee-p1363' });

/** A signature that some libraries took for anybody's, of any message (CVE-2022-21449). */
const bytes = (length: number, value: number) => () => Buffer.alloc(length, value);

const jwe = (parameters: object, ...parts: readonly string[]) =>
  [encoded({ kid: forge.kid, ...parameters }), ...parts].join('.');
const [key, iv, text, tag] = [256, 12, 600, 16].map((length) => encoded(Buffer.alloc(length, 7)));
const dir = ['', iv, text, tag].map(String);
const wrapped = [key, iv, text, tag].map(String);

/** What other parts of JOSE offer, and a verifier of RS256 has no use for (RFC 7515 to 7518, 7797, 8037, 8725). */
export const JOSE: Matrix = {
  'of another curve:': [
    ['ES256', withHeader({ alg: 'ES256' })],
    ['ES256, really, under the RSA key’s id', signedBy({ alg: 'ES256' }, ecdsa())],
    ['ES256 in ASN.1', signedBy({ alg: 'ES256' }, (input) => sign('sha256', input, curve))],
    ['ECDSA that says RS256', signedBy({}, ecdsa())],
    ['ECDSA in ASN.1 that says RS256', signedBy({}, (input) => sign('sha256', input, curve))],
    [
      'ES256 under a key of the pool',
      signedBy({ alg: 'ES256', kid: 'ec-1' }, ecdsa(elliptic.privateKey)),
    ],
    ['that key’s, saying RS256', signedBy({ kid: 'ec-1' }, ecdsa(elliptic.privateKey))],
    ['that key’s, under the RSA key’s id', signedBy({ alg: 'ES256' }, ecdsa(elliptic.privateKey))],
    ...[
      ['ES256', 64],
      ['ES256K', 64],
      ['ES384', 96],
      ['ES512', 132],
    ].flatMap(([alg, length]) =>
      [0, 0xff].map(
        (value) =>
          [
            `${alg} of bytes ${value}`,
            signedBy({ alg, kid: 'ec-1' }, bytes(Number(length), value)),
          ] as const,
      ),
    ),
    ['bytes 0 for ECDSA that say RS256', signedBy({}, bytes(64, 0))],
    ['bytes 0xFF for ECDSA that say RS256', signedBy({}, bytes(64, 0xff))],
    ['EdDSA', withHeader({ alg: 'EdDSA' })],
    ['EdDSA, really', signedBy({ alg: 'EdDSA' }, (input) => sign(null, input, edwards))],
    ['Ed25519, really', signedBy({ alg: 'Ed25519' }, (input) => sign(null, input, edwards))],
  ],
  'by a key that is published for something else:': [
    ['encryption', encrypting.accessToken()],
    ['encryption, under the signing key’s id', encrypting.sign(forge.header(), forge.claims())],
    ['HS256 with a secret', signedBy({ alg: 'HS256', kid: 'oct-1' }, hmac(SHARED_SECRET))],
    ['a secret that says RS256', signedBy({ kid: 'oct-1' }, hmac(SHARED_SECRET))],
  ],
  'that holds another token:': [
    ['nested', forge.sign(forge.header({ cty: 'JWT' }), good)],
    ['nested, and nothing says so', forge.sign(forge.header(), good)],
    ['nested in JSON', forge.sign(forge.header({ cty: 'JWT' }), JSON.stringify(good))],
    ['nested twice', forge.sign(forge.header(), forge.sign(forge.header(), good))],
    ['cty JWT beside good claims', withHeader({ cty: 'JWT' })],
    ['cty jwt beside good claims', withHeader({ cty: 'jwt' })],
    ['cty null beside good claims', withHeader({ cty: null })],
  ],
  'that is compressed or encrypted:': [
    ['zip beside good claims', withHeader({ zip: 'DEF' })],
    ['zip that is null', withHeader({ zip: null })],
    ['compressed claims', forge.sign(forge.header({ zip: 'DEF' }), deflateRawSync(goodJson))],
    [
      'compressed claims, and nothing says so',
      forge.sign(forge.header(), deflateRawSync(goodJson)),
    ],
    ['a bomb', forge.sign(forge.header({ zip: 'DEF' }), deflateRawSync(Buffer.alloc(4_000_000)))],
    ['enc beside good claims', withHeader({ enc: 'A256GCM' })],
    ['signed, saying RSA-OAEP', withHeader({ alg: 'RSA-OAEP', enc: 'A256GCM' })],
    ['signed, saying dir', withHeader({ alg: 'dir', enc: 'A128CBC-HS256' })],
    ['RSA-OAEP', jwe({ alg: 'RSA-OAEP', enc: 'A256GCM' }, ...wrapped)],
    ['RSA1_5', jwe({ alg: 'RSA1_5', enc: 'A256GCM' }, ...wrapped)],
    ['dir', jwe({ alg: 'dir', enc: 'A256GCM' }, ...dir)],
    ['dir that says RS256', jwe({ alg: 'RS256', enc: 'A256GCM' }, ...dir)],
    [
      'a password with a thousand million rounds',
      jwe({ alg: 'PBES2-HS256+A128KW', enc: 'A128GCM', p2c: 1e9, p2s: 'AAAA' }, ...wrapped),
    ],
    [
      'a point that is not on its curve',
      jwe(
        {
          alg: 'ECDH-ES',
          enc: 'A128GCM',
          epk: { kty: 'EC', crv: 'P-256', x: encoded('1'), y: encoded('1') },
        },
        ...dir,
      ),
    ],
  ],
  'in another serialization:': [
    ['JSON of one signature', JSON.stringify({ protected: header, payload, signature })],
    [
      'JSON of signatures',
      JSON.stringify({ payload, signatures: [{ protected: header, signature }] }),
    ],
    [
      'JSON with a header that is not signed',
      JSON.stringify({ protected: header, header: { kid: forge.kid }, payload, signature }),
    ],
    ['the parts in another order', `${payload}.${header}.${signature}`],
    ['the signature in front', `${signature}.${header}.${payload}`],
    ['a payload that is not encoded', forge.signParts(header, goodJson.replaceAll('.', ' '))],
    [
      'a payload that is not encoded, and says so',
      forge.signParts(
        encoded(forge.header({ b64: false, crit: ['b64'] })),
        goodJson.replaceAll('.', ' '),
      ),
    ],
  ],
  'whose header claims': [
    ['crit of what nobody knows', withHeader({ crit: ['unknown'], unknown: 1 })],
    ['crit of alg', withHeader({ crit: ['alg'] })],
    ['crit that is a text', withHeader({ crit: 'exp', exp: 1 })],
    ...['application/jwt', 'id_token+jwt', 'logout+jwt', 'dpop+jwt', 'secevent+jwt'].map(
      (typ) => [`typ ${typ}`, withHeader({ typ })] as const,
    ),
    ['a kid that is LDAP', withHeader({ kid: '*)(kid=*' })],
    ['a kid that is a thumbprint', withHeader({ kid: hash('sha256', goodJson, 'base64url') })],
  ],
};
