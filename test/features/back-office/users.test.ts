import { setTimeout as sleep } from 'node:timers/promises';
import { AdminDeleteUserCommand } from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { Identity } from '../../../src/directory/index.js';
import { type Office, startOffice } from './office.js';

jest.setTimeout(60_000);

let office: Office;
beforeAll(async () => {
  office = await startOffice();
});
afterAll(() => office.api.close());

test('updateUserAttributes changes the pool and the mirror, removes by null, and keeps before and after', async () => {
  const id = await office.idOf('uma');
  const input = {
    id,
    attributes: [
      { name: 'nickname', value: 'Umi' },
      { name: 'given_name', value: 'Uma-Maria' },
      { name: 'family_name', value: null },
    ],
  };
  const fields = 'actionId user { profile { nickname givenName familyName } }';
  const { data, errors } = await office.act('updateUserAttributes', input, fields);
  expect(errors).toBeUndefined();
  const { actionId, user } = data.updateUserAttributes;
  expect(user.profile).toEqual({ nickname: 'Umi', givenName: 'Uma-Maria', familyName: null });
  const { attributes } = await office.atPool('uma');
  expect(attributes).toMatchObject({ nickname: 'Umi', given_name: 'Uma-Maria' });
  expect(attributes.family_name).toBeUndefined();
  expect((await office.mirrorOf(id))?.attributes).toMatchObject({ nickname: 'Umi' });
  expect(await office.trailOf(id)).toEqual([
    'updateUserAttributes INTENT',
    'updateUserAttributes DONE',
  ]);
  const log = await office.ada.execute(
    'query ($actionId: ID!) { auditLog(filter: { actionId: $actionId, outcome: INTENT }) { nodes { changes { name before after } } } }',
    { actionId },
  );
  expect(log.data.auditLog.nodes[0].changes).toEqual(
    expect.arrayContaining([
      { name: 'nickname', before: null, after: 'Umi' },
      { name: 'given_name', before: 'Uma', after: 'Uma-Maria' },
      { name: 'family_name', before: 'Sharma', after: null },
    ]),
  );
  expect(await office.refusedBefore(id)).toBeNull();
});

test('addUserToGroup and removeUserFromGroup change the pool and the mirror; tokens end where that is asked for', async () => {
  const id = await office.idOf('grace.chen');
  const fields = 'user { account { groups } }';
  const added = await office.act('addUserToGroup', { id, group: 'support' }, fields);
  expect(added.errors).toBeUndefined();
  expect(added.data.addUserToGroup.user.account.groups).toEqual(['support']);
  expect((await office.atPool('grace.chen')).groups).toEqual(['support']);
  expect(await office.refusedBefore(id)).toBeNull();

  const input = { id, group: 'support', endSessions: true };
  const removed = await office.act('removeUserFromGroup', input, fields);
  expect(removed.errors).toBeUndefined();
  expect(removed.data.removeUserFromGroup.user.account.groups).toEqual([]);
  expect((await office.atPool('grace.chen')).groups).toEqual([]);
  expect((await office.mirrorOf(id))?.groups).toEqual([]);
  expect(await office.refusedBefore(id)).not.toBeNull();
  expect(await office.trailOf(id)).toEqual([
    'addUserToGroup INTENT',
    'addUserToGroup DONE',
    'removeUserFromGroup INTENT',
    'removeUserFromGroup DONE',
  ]);
});

describe('passwords', () => {
  test('resetUserPassword asks for a new one, and ends tokens', async () => {
    const id = await office.idOf('liam.chen');
    const liam = await office.api.as('liam.chen@example.com');
    expect((await liam.execute('{ me { id } }')).status).toBe(200);
    const { errors } = await office.act('resetUserPassword', { id });
    expect(errors).toBeUndefined();
    expect((await office.atPool('liam.chen')).status).toBe('RESET_REQUIRED');
    expect((await office.mirrorOf(id))?.status).toBe('RESET_REQUIRED');
    expect((await liam.execute('{ me { id } }')).status).toBe(401);
  });

  test('setTemporaryPassword sets one to be changed, ends tokens, and is nowhere kept', async () => {
    const id = await office.idOf('liam.chen');
    const password = 'Temporary-42!';
    const { errors } = await office.act('setTemporaryPassword', { id, password });
    expect(errors).toBeUndefined();
    expect((await office.atPool('liam.chen')).status).toBe('FORCE_CHANGE_PASSWORD');
    const em = office.api.server.app.orm.em.fork();
    for (const table of ['command', 'audit_event', 'audit_detail', 'job'])
      expect(JSON.stringify(await em.execute(`select * from ${table}`))).not.toContain(password);
  });
});

describe('inviteUser', () => {
  test('makes the account and the user, with groups; resendInvitation invites again', async () => {
    const input = { email: 'new@example.com', groups: ['support'] };
    const { errors, data } = await office.act('inviteUser', input);
    expect(errors).toBeUndefined();
    const { id } = data.inviteUser.user;
    const em = office.api.server.app.orm.em.fork();
    const { username } = await em.findOneOrFail(Identity, { user: id });
    // The seeded pool has addresses as aliases, so that a name was made up.
    expect(username).not.toContain('@');
    const atPool = await office.atPool(username);
    expect(atPool).toMatchObject({ status: 'FORCE_CHANGE_PASSWORD', groups: ['support'] });
    expect(atPool.attributes).toMatchObject({ email: 'new@example.com', email_verified: 'true' });
    expect((await office.trailOf(id)).at(-1)).toBe('inviteUser DONE');

    const again = await office.act('resendInvitation', { id });
    expect(again.errors).toBeUndefined();
    expect(again.data.resendInvitation.user.id).toBe(id);
  });

  test.each([
    ['a user name that is taken', { username: 'uma' }, 200, 'CONFLICT', 'username'],
    ['an address that is taken', { email: 'ada@example.com' }, 200, 'CONFLICT', 'alias'],
    ['no name at all', {}, 400, 'BAD_USER_INPUT', 'email'],
    ['an unknown pool', { email: 'a@b.example', poolId: 'eu_x' }, 400, 'BAD_USER_INPUT', 'poolId'],
    ['a message without an address', { username: 'x' }, 400, 'BAD_USER_INPUT', 'email'],
    [
      'a number that is none',
      { username: 'x', phoneNumber: '12', message: 'NONE' },
      400,
      'BAD_USER_INPUT',
      'pool_value',
    ],
  ])('refuses %s', async (_fault, given, status, code, reason) => {
    const quiet = 'username' in given && given.username === 'uma' ? { message: 'NONE' } : {};
    const answer = await office.act('inviteUser', { ...given, ...quiet });
    expect(answer.errors).toMatchObject([{ extensions: { code, reason } }]);
    expect(answer.status).toBe(status);
  });
});

describe('deleteUser', () => {
  test('says first what goes along, then leaves a tombstone that no token brings back', async () => {
    const username = 'rosa.chen';
    const victim = await office.api.as('rosa.chen@example.com');
    const id = await office.idOf(username);
    await victim.execute('{ me { id } }');
    const fields = 'actionId deletedId accounts alongside { table rows fate }';
    const dry = await office.act('deleteUser', { id, dryRun: true }, fields);
    expect(dry.errors).toBeUndefined();
    expect(dry.data.deleteUser).toMatchObject({ actionId: null, deletedId: id, accounts: 1 });
    expect((await office.atPool(username)).enabled).toBeDefined();

    const real = await office.act('deleteUser', { id }, fields);
    expect(real.errors).toBeUndefined();
    expect(real.data.deleteUser).toMatchObject({ actionId: expect.any(String), deletedId: id });
    await expect(office.atPool(username)).rejects.toThrow('User does not exist.');
    expect(await office.mirrorOf(id)).toBeNull();
    expect(await office.trailOf(id)).toEqual(['deleteUser INTENT', 'deleteUser DONE']);
    const em = office.api.server.app.orm.em.fork();
    const identity = await em.findOneOrFail(Identity, { user: id });
    expect(identity.deletedAt).not.toBeNull();
    expect(identity.username).toBe(identity.subject);
    expect((await victim.execute('{ me { id } }')).status).toBe(401);
    const again = await office.act('deleteUser', { id }, fields);
    expect(again.errors).toMatchObject([{ extensions: { code: 'NOT_FOUND', reason: 'user' } }]);
  });

  test('does with rows that refer to the user as their foreign keys say', async () => {
    const em = office.api.server.app.orm.em.fork();
    for (const [table, rule] of [
      ['bookmark', 'on delete cascade'],
      ['comment', 'on delete set null'],
      ['invoice', ''],
    ])
      await em.execute(
        `create table ${table} (id int, author uuid references app_user (id) ${rule})`,
      );
    const id = await office.idOf('keiko.chen');
    const other = await office.idOf('elif.chen');
    for (const table of ['bookmark', 'comment', 'invoice'])
      await em.execute(`insert into ${table} values (1, ?), (2, ?), (3, ?)`, [id, id, other]);
    const fields = 'deletedId alongside { table column rows fate }';
    const alongside = ['bookmark DELETED', 'comment DETACHED', 'invoice IN_THE_WAY'].map((line) => {
      const [table, fate] = line.split(' ');
      return { table, column: 'author', rows: 2, fate };
    });
    const dry = await office.act('deleteUser', { id, dryRun: true }, fields);
    expect(dry.data.deleteUser.alongside).toEqual(alongside);

    const refused = await office.act('deleteUser', { id }, fields);
    expect(refused.status).toBe(200);
    expect(refused.errors).toMatchObject([
      {
        message: expect.stringContaining('invoice'),
        extensions: { code: 'CONFLICT', reason: 'rows_in_the_way' },
      },
    ]);
    expect(await office.trailOf(id)).toEqual(['deleteUser REFUSED']);
    expect((await office.atPool('keiko.chen')).enabled).toBe(true);

    await em.execute('delete from invoice where author = ?', [id]);
    expect((await office.act('deleteUser', { id }, fields)).errors).toBeUndefined();
    expect(await em.execute('select id from bookmark')).toEqual([{ id: 3 }]);
    expect(await em.execute('select id, author from comment order by id')).toEqual([
      { id: 1, author: null },
      { id: 2, author: null },
      { id: 3, author: other },
    ]);
    for (const table of ['bookmark', 'comment', 'invoice']) await em.execute(`drop table ${table}`);
  });

  test('of a user whom the pool has lost ends the same', async () => {
    const id = await office.idOf('fay');
    await office.api.cognito.send(
      new AdminDeleteUserCommand({ UserPoolId: office.api.poolId, Username: 'fay' }),
    );
    const { errors } = await office.act('deleteUser', { id }, 'deletedId');
    expect(errors).toBeUndefined();
    expect(await office.trailOf(id)).toEqual(['deleteUser INTENT', 'deleteUser DONE']);
  });
});

describe('refusals', () => {
  test.each([
    ['disableUser', {}, 403, 'FORBIDDEN', 'self'],
    ['deleteUser', {}, 403, 'FORBIDDEN', 'self'],
    ['resetUserPassword', {}, 403, 'FORBIDDEN', 'self'],
    ['setTemporaryPassword', { password: 'Temporary-42!' }, 403, 'FORBIDDEN', 'self'],
    ['removeUserFromGroup', { group: 'admin' }, 403, 'FORBIDDEN', 'self'],
  ])(
    'nobody does %s to themselves, and the trail tells of it',
    async (name, given, status, code, reason) => {
      const id = await office.idOf('ada');
      const fields = name === 'deleteUser' ? 'deletedId' : undefined;
      const answer = await office.act(name, { id, ...given }, fields);
      expect(answer.errors).toMatchObject([{ extensions: { code, reason } }]);
      expect(answer.status).toBe(status);
      expect((await office.trailOf(id)).at(-1)).toBe(`${name} REFUSED`);
    },
  );

  test.each([
    [
      'a group that is not there',
      'addUserToGroup',
      { group: 'nowhere' },
      'NOT_FOUND',
      'pool_group',
    ],
    ['a group with spaces', 'addUserToGroup', { group: 'a b' }, 'BAD_USER_INPUT', 'group'],
    [
      'a weak password',
      'setTemporaryPassword',
      { password: 'weakweak' },
      'BAD_USER_INPUT',
      'password',
    ],
    [
      'too short a password',
      'setTemporaryPassword',
      { password: 'x' },
      'BAD_USER_INPUT',
      'password',
    ],
    ['an invitation of somebody who has signed in', 'resendInvitation', {}, 'CONFLICT', 'status'],
    ['no attributes', 'updateUserAttributes', { attributes: [] }, 'BAD_USER_INPUT', 'attributes'],
    [
      'an attribute twice',
      'updateUserAttributes',
      { attributes: [{ name: 'name' }, { name: 'name' }] },
      'BAD_USER_INPUT',
      'attributes',
    ],
    [
      'the subject',
      'updateUserAttributes',
      { attributes: [{ name: 'sub', value: 'x' }] },
      'BAD_USER_INPUT',
      'attributes',
    ],
    [
      'an unknown attribute',
      'updateUserAttributes',
      { attributes: [{ name: 'custom:no', value: 'x' }] },
      'BAD_USER_INPUT',
      'pool_value',
    ],
    [
      "another's address",
      'updateUserAttributes',
      {
        attributes: [
          { name: 'email', value: 'ada@example.com' },
          { name: 'email_verified', value: 'true' },
        ],
      },
      'CONFLICT',
      'alias',
    ],
    [
      'an end in the past',
      'disableUser',
      { until: '2020-01-01T00:00:00Z' },
      'BAD_USER_INPUT',
      'until',
    ],
    [
      'too short a key',
      'enableUser',
      { idempotencyKey: 'short' },
      'BAD_USER_INPUT',
      'idempotencyKey',
    ],
    [
      'another pool',
      'resetUserPassword',
      { poolId: 'eu-west-1_Nowhere00' },
      'BAD_USER_INPUT',
      'poolId',
    ],
  ])('refuses %s', async (_fault, name, given, code, reason) => {
    const id = await office.idOf('sam');
    const answer = await office.act(name, { id, ...given });
    expect(answer.errors).toMatchObject([
      { extensions: { code, reason, hint: expect.any(String) } },
    ]);
  });

  test('a pool value is named', async () => {
    const id = await office.idOf('sam');
    const attributes = [
      { name: 'nickname', value: 'Sammy' },
      { name: 'phone_number', value: 'none' },
    ];
    const { errors } = await office.act('updateUserAttributes', { id, attributes });
    expect(errors?.[0]?.message).toContain('`phone_number`');
    expect(errors?.[0]?.message).not.toContain('`nickname`');
  });
});

test('disableUser with an end is followed by enableUser of the server', async () => {
  const id = await office.idOf('twin-confirmed');
  const until = new Date(Date.now() + 1_500).toISOString();
  const { errors } = await office.act('disableUser', { id, until });
  expect(errors).toBeUndefined();
  expect((await office.atPool('twin-confirmed')).enabled).toBe(false);
  while ((await office.trailOf(id)).at(-1) !== 'enableUser DONE') await sleep(100);
  expect((await office.atPool('twin-confirmed')).enabled).toBe(true);
  const { data } = await office.ada.execute(
    'query ($id: ID!) { auditLog(first: 1, filter: { targetId: $id }) { nodes { actorKind actor { id } } } }',
    { id },
  );
  expect(data.auditLog.nodes).toEqual([{ actorKind: 'SERVER', actor: null }]);
});
