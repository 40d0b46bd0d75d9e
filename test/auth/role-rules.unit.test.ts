import { expect, test } from '@jest/globals';
import type { AccessToken } from '../../src/auth/access-token.js';
import { Role } from '../../src/auth/role.js';
import { rolesOf } from '../../src/auth/role-rules.js';

const token: AccessToken = {
  kind: 'person',
  poolId: 'eu-west-1_Ab12Cd34E',
  subject: 'a',
  clientId: 'b',
  username: 'c',
  groups: ['admin'],
  scopes: ['api/read'],
  originJti: undefined,
  issuedAt: 0,
  authTime: 0,
  expiresAt: 1,
};
const client: AccessToken = { ...token, kind: 'client', username: undefined, groups: ['admin'] };
const inPool = (poolId: string | undefined, role: Role, group: string) => ({ poolId, role, group });

test.each([
  ['a group of the token', token, [inPool(undefined, Role.ADMIN, 'admin')], [Role.ADMIN]],
  ['another group', token, [inPool(undefined, Role.ADMIN, 'admins')], []],
  ['the group of this pool', token, [inPool(token.poolId, Role.ADMIN, 'admin')], [Role.ADMIN]],
  ['the group of another pool', token, [inPool('us-east-1_x', Role.ADMIN, 'admin')], []],
  ['everybody', token, [inPool(undefined, Role.MEMBER, '*')], [Role.MEMBER]],
  ['everybody of another pool', token, [inPool('us-east-1_x', Role.MEMBER, '*')], []],
  ['a machine client with groups', client, [inPool(undefined, Role.ADMIN, 'admin')], []],
  ['a machine client as everybody', client, [inPool(undefined, Role.MEMBER, '*')], []],
])('roles from groups: %s', (_case, viewer, groups, roles) => {
  expect([...rolesOf(viewer, { groups, scopes: [] })]).toEqual(roles);
});

test.each([
  ['a machine client with the scope', client, [Role.SUPPORT]],
  ['a person with the scope', token, []],
  ['a machine client without it', { ...client, scopes: [] }, []],
])('roles from scopes: %s', (_case, viewer, roles) => {
  const scopes = [{ role: Role.SUPPORT, scope: 'api/read' }];
  expect([...rolesOf(viewer, { groups: [], scopes })]).toEqual(roles);
});
