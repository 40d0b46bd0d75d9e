import { GetGroupCommand } from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { type Office, startOffice } from './office.js';

jest.setTimeout(60_000);

let office: Office;
beforeAll(async () => {
  office = await startOffice();
});
afterAll(() => office.api.close());

const GROUP = 'group { name description precedence roles }';
const atPool = (GroupName: string) =>
  office.api.cognito.send(new GetGroupCommand({ UserPoolId: office.api.poolId, GroupName }));

test('a group is made, changed, joined and deleted, and leaves the mirror of its members', async () => {
  const created = await office.act(
    'createGroup',
    { name: 'crew', description: 'Who sails' },
    GROUP,
  );
  expect(created.errors).toBeUndefined();
  expect(created.data.createGroup.group).toEqual({
    name: 'crew',
    description: 'Who sails',
    precedence: null,
    roles: [],
  });
  const updated = await office.act('updateGroup', { name: 'crew', precedence: 7 }, GROUP);
  expect(updated.errors).toBeUndefined();
  expect((await atPool('crew')).Group).toMatchObject({ Precedence: 7 });

  const id = await office.idOf('uma');
  await office.act('addUserToGroup', { id, group: 'crew' });
  expect((await office.mirrorOf(id))?.groups).toEqual(['crew']);
  const deleted = await office.act('deleteGroup', { name: 'crew' }, 'actionId deletedName');
  expect(deleted.errors).toBeUndefined();
  await expect(atPool('crew')).rejects.toThrow();
  expect((await office.mirrorOf(id))?.groups).toEqual([]);

  const { data } = await office.ada.execute(
    'query ($action: String!) { auditLog(filter: { action: $action }) { nodes { outcome targetGroup target { id } } } }',
    { action: 'deleteGroup' },
  );
  const targetGroup = `${office.api.poolId}/crew`;
  expect(data.auditLog.nodes).toEqual([
    { outcome: 'DONE', targetGroup, target: null },
    { outcome: 'INTENT', targetGroup, target: null },
  ]);
});

test('support sees the groups and what they make of people', async () => {
  const sam = await office.api.as('sam@example.com');
  const { data } = await sam.execute('{ groups { name poolId roles } }');
  const poolId = office.api.poolId;
  expect(data.groups).toEqual(
    expect.arrayContaining([
      { name: 'admin', poolId, roles: ['ADMIN'] },
      { name: 'support', poolId, roles: ['SUPPORT'] },
    ]),
  );
});

test.each([
  ['a name that is taken', 'createGroup', { name: 'admin' }, 'CONFLICT', 'group'],
  ['a name with spaces', 'createGroup', { name: 'a b' }, 'BAD_USER_INPUT', 'name'],
  [
    'a negative precedence',
    'createGroup',
    { name: 'x', precedence: -1 },
    'BAD_USER_INPUT',
    'precedence',
  ],
  ['no change', 'updateGroup', { name: 'admin' }, 'BAD_USER_INPUT', 'description'],
  [
    'a group that is not there',
    'updateGroup',
    { name: 'none', precedence: 1 },
    'NOT_FOUND',
    'pool_group',
  ],
  ['a group that is not there', 'deleteGroup', { name: 'none' }, 'NOT_FOUND', 'pool_group'],
  [
    "the viewer's own way to be an administrator",
    'deleteGroup',
    { name: 'admin' },
    'FORBIDDEN',
    'self',
  ],
])('refuses %s', async (_fault, name, input, code, reason) => {
  const { errors } = await office.act(name, input, 'actionId');
  expect(errors).toMatchObject([
    { extensions: { code, reason, hint: expect.any(String), requestId: expect.any(String) } },
  ]);
});
