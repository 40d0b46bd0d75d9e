import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Office, startOffice } from './back-office/office.js';

let office: Office;
let uma: string;
beforeAll(async () => {
  office = await startOffice();
  uma = await office.idOf('uma');
});
afterAll(() => office.api.close());

describe.each([
  ['NUL', 'a\u0000b'],
  ['half of a character', 'a\ud800b'],
])('a text with %s', (_what, text) => {
  const attributes = [{ name: 'nickname', value: text }];
  test.each([
    ['updateUserAttributes', { attributes }, 'nickname'],
    ['createGroup', { name: 'crew', description: text }, 'description'],
    ['inviteUser', { username: text, message: 'NONE' }, 'username'],
    ['inviteUser', { username: 'kim', email: `${text}@example.com` }, 'email'],
    ['inviteUser', { username: 'kim', phoneNumber: text, message: 'SMS' }, 'phoneNumber'],
    ['setTemporaryPassword', { password: `Temporary-42!${text}` }, 'password'],
    ['enableUser', { reason: text }, 'reason'],
  ])('is refused by %s', async (name, given, reason) => {
    const isOnUser = !('username' in given || 'name' in given);
    const { status, errors } = await office.act(
      name,
      { ...given, ...(isOnUser && { id: uma }) },
      'actionId',
    );
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', reason } }]);
    expect(JSON.stringify(errors)).not.toContain('Temporary-');
    expect(status).toBe(400);
  });

  test('is no name of an action, and nobody has it as a subject', async () => {
    const log =
      'query ($action: String) { auditLog(filter: { action: $action }) { nodes { id } } }';
    const { status, errors } = await office.ada.execute(log, { action: text });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', reason: 'action' } }]);
    expect(status).toBe(400);
    const bySubject = 'query ($subject: ID!) { userBySubject(subject: $subject) { id } }';
    expect(await office.ada.execute(bySubject, { subject: text })).toMatchObject({
      data: { userBySubject: null },
    });
  });
});

describe('a moment of a year that no table can hold', () => {
  const moments = [
    '0000-01-01T00:00:00Z',
    '0001-01-01T00:00:00+14:00',
    '9999-12-31T23:59:59-14:00',
  ];

  test.each(moments)('%s is refused as a variable and in the document', async (moment) => {
    const list =
      'query ($time: DateTime) { users(filter: { createdAfter: $time }) { nodes { id } } }';
    const sent = await office.ada.execute(list, { time: moment });
    const written = await office.ada.execute(
      `{ users(filter: { createdAfter: "${moment}" }) { nodes { id } } }`,
    );
    for (const { status, errors } of [sent, written]) {
      expect(status).toBe(400);
      expect(errors?.[0]?.message).toContain('a year before 1 or after 9999');
    }
  });

  test('ends no time for which somebody is disabled', async () => {
    const { errors } = await office.act('disableUser', { id: uma, until: moments[2] });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(await office.trailOf(uma)).not.toContain('disableUser INTENT');
  });
});
