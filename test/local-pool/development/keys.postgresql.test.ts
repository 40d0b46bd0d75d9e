import { createPublicKey, verify } from 'node:crypto';
import { GetUserCommand } from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { z } from 'zod';
import type { LocalPool } from '../../../src/local-pool/index.js';
import {
  clientOf,
  PASSWORD,
  type Place,
  refreshWith,
  refusal,
  signIn,
  startTestPool,
  type TestPool,
} from '../test-pool.js';
import { ask } from './json.js';

const jwks = z.object({ keys: z.array(z.looseObject({ kid: z.string() })) });

let pool: TestPool;
let place: Place;
let token: string;

beforeAll(async () => {
  pool = await startTestPool();
  place = await pool.place();
  await pool.addUser(place, 'uma');
});
beforeEach(async () => {
  token = await newToken();
});
afterAll(() => pool.close());

const newToken = async () => (await pool.signIn(place, 'uma')).AccessToken ?? '';
const rotate = async () => (await ask(pool.localPool, 'POST', '/local-pool/jwks/rotate')).body;
const keys = async ({ endpoint }: LocalPool = pool.localPool) => {
  const response = await fetch(`${endpoint}/${place.poolId}/.well-known/jwks.json`);
  return jwks.parse(await response.json()).keys;
};
const kidOf = (jwt: string) =>
  JSON.parse(Buffer.from(jwt.split('.')[0] ?? '', 'base64url').toString()).kid;
const getUser = (AccessToken: string, { endpoint }: LocalPool = pool.localPool) => {
  const cognito = clientOf(endpoint);
  return cognito.send(new GetUserCommand({ AccessToken })).finally(() => cognito.destroy());
};

/** As any verifier does, by nothing but what is published. */
async function isSignedByAPublishedKey(jwt: string): Promise<boolean> {
  const [header, payload, signature = ''] = jwt.split('.');
  const key = (await keys()).find(({ kid }) => kid === kidOf(jwt));
  if (key === undefined) return false;
  const input = Buffer.from(`${header}.${payload}`);
  const publicKey = createPublicKey({ key, format: 'jwk' });
  return verify('sha256', input, publicKey, Buffer.from(signature, 'base64url'));
}

test('a rotation gives a new key, and keeps the one before published', async () => {
  const [before, oldest] = await keys();
  const { signing, published } = await rotate();
  expect(published).toEqual([signing, before?.kid]);
  expect((await keys()).map(({ kid }) => kid)).toEqual(published);
  expect(published).not.toContain(oldest?.kid);
});

test('the new key signs at once; tokens of the one before are good until it is withdrawn', async () => {
  const { signing } = await rotate();
  const fresh = await newToken();
  expect(kidOf(fresh)).toBe(signing);
  expect(kidOf(token)).not.toBe(signing);
  for (const jwt of [fresh, token]) {
    expect(await isSignedByAPublishedKey(jwt)).toBe(true);
    expect((await getUser(jwt)).Username).toBe('uma');
  }
  await rotate();
  expect(await isSignedByAPublishedKey(token)).toBe(false);
  expect(await refusal(getUser(token))).toEqual({
    name: 'NotAuthorizedException',
    message: 'Invalid Access Token',
  });
  expect((await getUser(fresh)).Username).toBe('uma');
});

test('a sign-in outlives its keys: its refresh token gets tokens of the new one', async () => {
  const { RefreshToken } = await pool.signIn(place, 'uma');
  await rotate();
  const { signing } = await rotate();
  const { AuthenticationResult } = await pool.cognito.send(refreshWith(place, RefreshToken));
  const refreshed = AuthenticationResult?.AccessToken ?? '';
  expect(kidOf(refreshed)).toBe(signing);
  expect((await getUser(refreshed)).Username).toBe('uma');
});

test('another server of the same database follows', async () => {
  const other = await pool.another();
  try {
    expect(await keys(other)).toEqual(await keys());
    await rotate();
    const { signing } = await rotate();
    expect(await keys(other)).toEqual(await keys());
    expect((await refusal(getUser(token, other))).message).toBe('Invalid Access Token');
    const cognito = clientOf(other.endpoint);
    const fresh = (await signIn(cognito, place, 'uma', PASSWORD)).AccessToken ?? '';
    cognito.destroy();
    expect(kidOf(fresh)).toBe(signing);
  } finally {
    await other.close();
  }
});

test('rotations at the same time leave two keys, one of which signs', async () => {
  const answers = await Promise.all([rotate(), rotate(), rotate()]);
  expect(new Set(answers.map(({ signing }) => signing)).size).toBe(3);
  const published = (await keys()).map(({ kid }) => kid);
  expect(published).toHaveLength(2);
  expect(kidOf(await newToken())).toBe(published[0]);
});

test('no private part of a key is ever told', async () => {
  expect(Object.keys(await rotate())).toEqual(['signing', 'published']);
  for (const key of await keys())
    expect(Object.keys(key).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
});
