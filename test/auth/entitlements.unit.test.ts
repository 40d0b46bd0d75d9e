import { describe, expect, test } from '@jest/globals';
import type { AccessToken } from '../../src/auth/access-token.js';
import { entitlementsOf } from '../../src/auth/entitlements.js';
import { Role } from '../../src/auth/role.js';
import { CLAIMS } from '../http/fixture-server.js';

/** Seconds. */
const ISSUED = 1_800_000_000;
const rules = {
  groups: [
    { role: Role.ADMIN, poolId: CLAIMS.poolId, group: 'admin' },
    { role: Role.SUPPORT, poolId: undefined, group: 'support' },
    { role: Role.SUPPORT, poolId: undefined, group: 'helpers' },
    { role: Role.MEMBER, poolId: undefined, group: '*' },
  ],
  scopes: [],
};

function entitled(groups: readonly string[], known: readonly string[] | null, age: number | null) {
  const token: AccessToken = { ...CLAIMS, groups, issuedAt: ISSUED, authTime: ISSUED };
  const groupsReadAt = age === null ? null : ISSUED * 1000 + age;
  const { roles, isWithheld, ...rest } = entitlementsOf(
    token,
    { groups: known, groupsReadAt },
    rules,
  );
  // Nothing is withheld but what a look could give back.
  expect(isWithheld && !rest.isOpen).toBe(false);
  return { ...rest, roles: [...roles].filter((role) => role !== Role.MEMBER) };
}

/** Milliseconds from the token's issue until the groups were read. */
const BEFORE = -60_000;
const SAME_SECOND = 400;
const SOON_AFTER = 10_000;
const LONG_AFTER = 60_000;

describe('roles by the groups of a token and of the mirror', () => {
  test.each([
    // Token, mirror, when the mirror was read; roles, whether the token is stale, whether it is open.
    [['admin'], ['admin'], BEFORE, ['ADMIN'], false, false],
    [['admin'], ['admin'], LONG_AFTER, ['ADMIN'], false, false],
    [['admin'], [], LONG_AFTER, [], false, false],
    [['admin'], [], SOON_AFTER, [], false, true],
    [['admin'], [], SAME_SECOND, [], false, true],
    [['admin'], [], 0, ['ADMIN'], false, true],
    [['admin'], [], BEFORE, ['ADMIN'], false, true],
    [['admin'], null, null, ['ADMIN'], false, true],
    [[], ['admin'], LONG_AFTER, [], true, false],
    [[], ['admin'], SOON_AFTER, [], true, true],
    [[], ['admin'], BEFORE, [], false, true],
    [[], null, null, [], false, false],
    [['admin'], ['support'], LONG_AFTER, [], true, false],
    [['admin'], ['admin', 'support'], LONG_AFTER, ['ADMIN'], true, false],
    [['admin', 'support'], ['support'], LONG_AFTER, ['SUPPORT'], false, false],
    // Groups that give no role, or the same role, change nothing.
    [['support'], ['helpers'], LONG_AFTER, [], false, false],
    [['choir'], [], BEFORE, [], false, false],
    [[], ['choir'], LONG_AFTER, [], false, false],
    [['choir'], null, null, [], false, false],
  ] as const)('%j with %j, read %p', (groups, known, age, roles, tokenStale, isOpen) => {
    expect(entitled(groups, known, age)).toEqual({ roles: [...roles], tokenStale, isOpen });
  });

  test('what everybody has needs no mirror', () => {
    const { roles } = entitlementsOf(CLAIMS, { groups: [], groupsReadAt: Date.now() }, rules);
    expect([...roles]).toEqual([Role.MEMBER]);
  });
});
