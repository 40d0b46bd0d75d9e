import { expect, test } from '@jest/globals';
import {
  QUOTA_CATEGORIES,
  quotaCategoryOf,
} from '../../../src/local-pool/development/quota-categories.js';
import { operations } from '../../../src/local-pool/operations/index.js';

test('every operation has a quota category', () => {
  const without = [...operations.keys()].filter((name) => quotaCategoryOf(name) === undefined);
  expect(without).toEqual([]);
});

test('a category is no operation, so that a switch means one thing', () => {
  expect(QUOTA_CATEGORIES.length).toBeGreaterThan(10);
  for (const category of QUOTA_CATEGORIES) expect(operations.has(category)).toBe(false);
});

test.each([
  ['AdminGetUser', 'UserRead'],
  ['ListUsersInGroup', 'UserList'],
  ['AdminListGroupsForUser', 'UserResourceRead'],
  ['GlobalSignOut', 'UserUpdate'],
  ['ConfirmSignUp', 'UserCreation'],
  ['ForgotPassword', 'UserAccountRecovery'],
  ['RespondToAuthChallenge', 'UserAuthentication'],
  ['RevokeToken', 'UserToken'],
])('%s counts as %s', (operation, category) => {
  expect(quotaCategoryOf(operation)).toBe(category);
});
