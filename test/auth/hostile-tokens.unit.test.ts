import { inspect } from 'node:util';
import { afterAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { AccessTokenVerifier } from '../../src/auth/access-token-verifier.js';
import { UnauthenticatedError } from '../../src/errors.js';
import {
  claiming,
  forge,
  good,
  keys,
  otherForge,
  otherPool,
  pool,
  second,
  signature,
  trap,
  unaligned,
} from './hostile-fixture.js';
import { MATRIX } from './hostile-matrix.js';

const frozen = Date.now();
const now = Math.floor(frozen / 1000);
const verifier = new AccessTokenVerifier({
  pools: [pool, otherPool],
  log: { info: () => {}, warn: () => {} },
  now: () => frozen,
});
verifier.start();

afterAll(() => verifier.close());

async function refusalOf(token: string): Promise<unknown> {
  return verifier.verify(token).then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe.each(Object.entries(MATRIX))('a token %s', (_group, cases) => {
  test.each(cases)('%s is refused', async (_name, token) => {
    const refusal = await refusalOf(token);
    expect(refusal).toBeInstanceOf(UnauthenticatedError);
    expect(refusal).toMatchObject({ message: 'The access token is not valid.', reason: 'invalid' });
    expect(verifier.remembered(token)).toBe(undefined);
  });
});

test.each([
  claiming('an hour ago', { exp: now - 3600, iat: now - 7200 }),
  claiming('this second: exp has no leeway', { exp: now, iat: now - 60 }),
  claiming('before the epoch', { exp: -1 }),
  claiming('at zero', { exp: 0 }),
])('a token that expired %s is refused as expired', async (_name, token) => {
  expect(await refusalOf(token)).toMatchObject({ code: 'UNAUTHENTICATED', reason: 'expired' });
});

test.each([
  ['of a person', forge.idToken()],
  ['with a client_id', forge.idToken({ client_id: forge.clientId })],
  ['with a username', forge.idToken({ username: 'uma', client_id: forge.clientId })],
  ['of the other pool', otherForge.idToken()],
])('an id token %s is refused with a hint', async (_name, token) => {
  expect(await refusalOf(token)).toMatchObject({
    code: 'UNAUTHENTICATED',
    reason: 'id_token',
    hint: expect.stringContaining('access token'),
  });
});

test('the tokens that the hostile ones were made from are accepted', async () => {
  const spaced = forge.signParts(unaligned(forge.header()), unaligned(forge.claims()));
  const tokens = [good, spaced, second.accessToken(), otherForge.accessToken()];
  for (const token of tokens) expect((await verifier.verify(token)).kind).toBe('person');
});

test('a token is refused whichever of its characters is changed', async () => {
  const place = fc.nat({ max: good.length - 1 });
  await fc.assert(
    fc.asyncProperty(place, fc.string({ minLength: 1, maxLength: 1 }), async (index, character) => {
      fc.pre(character !== good[index]);
      const changed = good.slice(0, index) + character + good.slice(index + 1);
      expect(await refusalOf(changed)).toBeInstanceOf(UnauthenticatedError);
    }),
  );
});

test('there are 340 hostile tokens, all different', () => {
  const tokens = Object.values(MATRIX).flatMap((cases) => cases.map(([, token]) => token));
  expect(tokens.length).toBe(340);
  expect(new Set(tokens).size).toBe(tokens.length);
  expect(tokens).not.toContain(good);
});

test('no refusal quotes the token, even for the log', async () => {
  for (const [, token] of Object.values(MATRIX).flat()) {
    const told = inspect(await refusalOf(token), { depth: 9, showHidden: true });
    for (const secret of ['uma', forge.claims().sub, 'someone-else', signature.slice(0, 20)]) {
      expect(told).not.toContain(secret);
    }
  }
});

test('nothing but the keys of the pools was ever fetched, and those hardly', () => {
  // Each once at the start, and once for all of the unknown kids, as the clock stands still.
  const twice = [pool, otherPool].flatMap(({ id }) =>
    Array(2).fill(`/${id}/.well-known/jwks.json`),
  );
  expect([...keys.requests].sort()).toEqual(twice.sort());
  expect(trap.requests).toEqual([]);
});
