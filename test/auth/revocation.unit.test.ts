import { expect, test } from '@jest/globals';
import { refuseEnded, type Standing } from '../../src/auth/revocation.js';
import { UnauthenticatedError } from '../../src/errors.js';
import { CLAIMS } from '../http/fixture-server.js';

const SECOND = 1_800_000_000;
const GOOD: Standing = { deleted: false, enabled: true, refusedBefore: null, ended: false };

function reasonOf(standing: Partial<Standing>, authTime = SECOND, issuedAt = authTime) {
  try {
    refuseEnded({ ...GOOD, ...standing }, { ...CLAIMS, authTime, issuedAt });
    return undefined;
  } catch (error) {
    if (error instanceof UnauthenticatedError) return error.reason;
    throw error;
  }
}

test.each([
  ['nothing against it', {}, undefined],
  ['an account that is gone', { deleted: true, enabled: false }, 'deleted'],
  ['a disabled account', { enabled: false }, 'disabled'],
  ['an ended sign-in', { ended: true }, 'revoked'],
] as const)('%s', (_what, standing, reason) => {
  expect(reasonOf(standing)).toBe(reason);
});

test.each([
  ['the second before', SECOND - 1, 'revoked'],
  ['the same second', SECOND, 'revoked'],
  ['the next second', SECOND + 1, undefined],
])('a sign-in of %s', (_when, authTime, reason) => {
  expect(reasonOf({ refusedBefore: SECOND * 1000 }, authTime)).toBe(reason);
  expect(reasonOf({ refusedBefore: SECOND * 1000 + 999 }, authTime)).toBe(reason);
});

test('a token that was refreshed later is as old as its sign-in', () => {
  const standing = { refusedBefore: SECOND * 1000 };
  expect(reasonOf(standing, SECOND - 60, SECOND + 60)).toBe('revoked');
  expect(reasonOf(standing, SECOND + 60, SECOND - 60)).toBe('revoked');
});
