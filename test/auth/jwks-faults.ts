import { generateKeyPairSync } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { trustedPool } from '../../src/auth/trusted-pool.js';
import { TokenForge } from '../support/token-forge.js';

export const pool = trustedPool({ id: 'eu-west-1_Ab12Cd34E', clientIds: ['1example23456789'] });
const [issuer = ''] = pool.issuers;
export const forge = new TokenForge({ issuer });
/** What the pool rotates to. */
export const next = new TokenForge({ issuer, kid: 'key-2' });

const weak = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey.export({
  format: 'jwk',
});
export const ELLIPTIC = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({
  format: 'jwk',
});
const ok =
  (body: string | Buffer, headers: Record<string, string> = {}) =>
  (to: ServerResponse) => {
    to.writeHead(200, headers).end(body);
  };
const oversized = JSON.stringify({ ...forge.jwks(), padding: 'x'.repeat(1_000_000) });

/** Answers of a JWKS endpoint that are no set of keys, by name. */
export const FAULTS: readonly (readonly [string, object | ((response: ServerResponse) => void)])[] =
  [
    ['the status 500', (response) => response.writeHead(500).end(JSON.stringify(forge.jwks()))],
    ['the status 404', (response) => response.writeHead(404).end('no such pool')],
    ['the status 204', (response) => response.writeHead(204).end()],
    ['the status 201', (response) => response.writeHead(201).end(JSON.stringify(next.jwks()))],
    ['a closed connection', (response) => response.destroy()],
    ['nothing', () => {}],
    ['half an answer and then nothing', (response) => response.writeHead(200).write('{"keys":[')],
    ['half an answer', (response) => response.writeHead(200, { 'content-length': 99 }).write('{')],
    ['an empty body', ok('')],
    ['broken JSON', ok('{"keys":[')],
    ['HTML', ok('<html>sign in to the network</html>')],
    ['invalid UTF-8', ok(Buffer.from([0x7b, 0xff, 0x7d]))],
    ['an empty set', { keys: [] }],
    ['no set', {}],
    ['an array', [next.jwk()]],
    ['null', ok('null')],
    ['keys that are no array', { keys: { 0: next.jwk() } }],
    ['keys that are no objects', { keys: [null, 1, 'key', []] }],
    ['keys without a kid', { keys: [{ ...next.jwk(), kid: undefined }] }],
    ['keys whose kid is no text', { keys: [{ ...next.jwk(), kid: 7 }] }],
    ['keys to encrypt with', { keys: [{ ...next.jwk(), use: 'enc' }] }],
    ['keys of another algorithm', { keys: [{ ...next.jwk(), alg: 'RS512' }] }],
    ['elliptic keys', { keys: [{ ...ELLIPTIC, kid: 'key-2' }] }],
    ['keys without a modulus', { keys: [{ ...next.jwk(), n: undefined }] }],
    ['keys whose modulus is no base64url', { keys: [{ ...next.jwk(), n: '' }] }],
    ['keys of 1024 bits', { keys: [{ ...weak, kid: 'key-2' }] }],
    ['a symmetric key', { keys: [{ kty: 'oct', k: 'c2VjcmV0', kid: 'key-2' }] }],
    ['more than 1 MB', ok(oversized)],
    [
      'more than 1 MB without saying so',
      (to) => to.writeHead(200).end(`${' '.repeat(70_000)}${oversized}`),
    ],
    ['more than 1 MB, compressed', ok(gzipSync(oversized), { 'content-encoding': 'gzip' })],
  ];
