import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { AccessTokenVerifier } from '../../src/auth/access-token-verifier.js';
import { trustedPool } from '../../src/auth/trusted-pool.js';
import { TokenForge } from '../support/token-forge.js';
import { startJwksServer } from './jwks-server.js';

const CLIENTS = ['1example23456789', '2example34567890'];
const pool = trustedPool({ id: 'eu-west-1_Ab12Cd34E', clientIds: CLIENTS });
const [issuer = '', updatedIssuer = ''] = pool.issuers;
const forge = new TokenForge({ issuer });

const server = await startJwksServer(forge.jwks());
const log = { info: () => {}, warn: () => {} };
const MINUTE = 60_000;

/** Milliseconds; tests move it. */
let clock = Date.now();
const verifiers: AccessTokenVerifier[] = [];

function startVerifier(options: { remembered?: number } = {}): AccessTokenVerifier {
  const trusted = { ...pool, jwksUri: server.jwksUri };
  const verifier = new AccessTokenVerifier({ pools: [trusted], log, now: () => clock, ...options });
  verifiers.push(verifier);
  verifier.start();
  return verifier;
}

beforeEach(() => {
  clock = Date.now();
  server.serve(forge.jwks());
});

afterAll(async () => {
  for (const verifier of verifiers) verifier.close();
  await server.close();
});

describe('a verified token', () => {
  test('of a person says what the server goes by', async () => {
    const claims = forge.claims({ 'cognito:groups': ['admin', 'support'], scope: 'openid a/b' });
    expect(await startVerifier().verify(forge.sign(forge.header(), claims))).toEqual({
      kind: 'person',
      poolId: 'eu-west-1_Ab12Cd34E',
      subject: claims.sub,
      clientId: '1example23456789',
      username: 'uma',
      groups: ['admin', 'support'],
      scopes: ['openid', 'a/b'],
      originJti: claims.origin_jti,
      issuedAt: claims.iat,
      authTime: claims.auth_time,
      expiresAt: claims.exp,
    });
  });

  test('of a machine client has neither a username nor groups', async () => {
    const token = forge.clientToken({ 'cognito:groups': ['admin'] });
    expect(await startVerifier().verify(token)).toMatchObject({
      kind: 'client',
      subject: '1example23456789',
      clientId: '1example23456789',
      username: undefined,
      groups: [],
      scopes: ['orders/read', 'orders/write'],
    });
  });

  test('may lack what Cognito does not always send', async () => {
    const iat = Math.floor(clock / 1000) - 10;
    const absent = {
      origin_jti: undefined,
      jti: undefined,
      scope: undefined,
      auth_time: undefined,
    };
    expect(await startVerifier().verify(forge.accessToken({ ...absent, iat }))).toMatchObject({
      originJti: undefined,
      scopes: [],
      groups: [],
      authTime: iat,
    });
  });

  test.each([
    ['issuer', { iss: issuer }],
    ['updated issuer', { iss: updatedIssuer }],
    ['second client', { client_id: '2example34567890' }],
  ])('may be of the pool’s %s', async (_what, claims) => {
    const { poolId } = await startVerifier().verify(forge.accessToken(claims));
    expect(poolId).toBe('eu-west-1_Ab12Cd34E');
  });

  test.each([
    ['typ JWT', { typ: 'JWT' }],
    ['parameters that nobody knows', { 'x-trace': 'abc' }],
  ])('may have a header with %s', async (_what, parameters) => {
    const token = forge.sign(forge.header(parameters), forge.claims());
    expect((await startVerifier().verify(token)).kind).toBe('person');
  });

  test.each(['iat', 'nbf'])('may have its %s 30 seconds ahead, and no more', async (claim) => {
    const ahead = Math.floor(clock / 1000) + 30;
    clock = (ahead - 30) * 1000;
    const verifier = startVerifier();
    const token = forge.accessToken({ [claim]: ahead });
    expect((await verifier.verify(token)).kind).toBe('person');
    await expect(verifier.verify(forge.accessToken({ [claim]: ahead + 1 }))).rejects.toMatchObject({
      code: 'UNAUTHENTICATED',
      reason: 'invalid',
    });
  });
});

describe('a remembered token', () => {
  test('is one that was verified, and no other', async () => {
    const verifier = startVerifier();
    const [token, other] = [forge.accessToken(), forge.accessToken({ username: 'ada' })];
    expect(verifier.remembered(token)).toBe(undefined);
    const accessToken = await verifier.verify(token);
    expect(verifier.remembered(token)).toBe(accessToken);
    expect(verifier.remembered(other)).toBe(undefined);
    expect(verifier.remembered(`${token}=`)).toBe(undefined);
  });

  test('is not verified again', async () => {
    const verifier = startVerifier();
    const token = forge.accessToken();
    const accessToken = await verifier.verify(token);
    expect(await verifier.verify(token)).toBe(accessToken);
  });

  test('was verified once, though a hundred requests brought it at once', async () => {
    const verifier = startVerifier();
    const token = forge.accessToken();
    const results = await Promise.all(Array.from({ length: 100 }, () => verifier.verify(token)));
    expect(new Set(results).size).toBe(1);
  });

  test('that failed may be tried again', async () => {
    const verifier = startVerifier();
    const token = forge.accessToken({ iat: Math.floor(clock / 1000) + 60 });
    await expect(verifier.verify(token)).rejects.toMatchObject({ reason: 'invalid' });
    clock += MINUTE;
    expect((await verifier.verify(token)).kind).toBe('person');
  });

  test('is forgotten in the second in which it expires', async () => {
    const verifier = startVerifier();
    const token = forge.accessToken();
    const { expiresAt } = await verifier.verify(token);
    clock = expiresAt * 1000 - 1;
    expect(verifier.remembered(token)).toMatchObject({ expiresAt });
    clock = expiresAt * 1000;
    expect(verifier.remembered(token)).toBe(undefined);
    await expect(verifier.verify(token)).rejects.toMatchObject({ reason: 'expired' });
  });

  test('makes room for newer ones, the one used longest ago first', async () => {
    const verifier = startVerifier({ remembered: 2 });
    const tokens = ['ada', 'sam', 'uma'].map((username) => forge.accessToken({ username }));
    const [first = '', second = '', third = ''] = tokens;
    await verifier.verify(first);
    await verifier.verify(second);
    expect(verifier.remembered(first)).toBeDefined();
    await verifier.verify(third);
    expect(tokens.map((token) => verifier.remembered(token)?.username)).toEqual([
      'ada',
      undefined,
      'uma',
    ]);
  });

  test.each([
    ['with another kid', new TokenForge({ issuer, kid: 'key-9' })],
    ['under the same kid', new TokenForge({ issuer })],
  ])('is forgotten when its key gives way to one %s', async (_how, next) => {
    const verifier = startVerifier();
    const token = forge.accessToken();
    await verifier.verify(token);
    server.serve(next.jwks());
    // An unknown kid has the keys loaded again.
    const unknown = forge.sign(forge.header({ kid: 'unknown' }), forge.claims());
    await expect(verifier.verify(unknown)).rejects.toMatchObject({ reason: 'invalid' });
    expect(verifier.remembered(token)).toBe(undefined);
    await expect(verifier.verify(token)).rejects.toMatchObject({ reason: 'invalid' });
    expect((await verifier.verify(next.accessToken())).kind).toBe('person');
  });
});
