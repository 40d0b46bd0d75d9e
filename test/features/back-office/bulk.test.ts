import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { type Office, startOffice } from './office.js';

jest.setTimeout(60_000);

let office: Office;
beforeAll(async () => {
  office = await startOffice();
});
afterAll(() => office.api.close());

/** Each item is a command with transactions of its own: statements come again with each. */
const act: Office['act'] = (...args) =>
  office.api.allowingRepeats('each item is a command of its own', () => office.act(...args));

const FIELDS = 'done notDone items { state code actionId user { id account { enabled groups } } }';
const NOBODY = '0192f0c1-0000-7000-8000-000000000000';

test('a dry run says of each what would be done, and does nothing', async () => {
  const ids = [await office.idOf('uma'), NOBODY, await office.idOf('ada')];
  const { pool } = await office.api.count(async () => {
    const { data, errors } = await act('disableUsers', { ids, dryRun: true }, FIELDS);
    expect(errors).toBeUndefined();
    expect(data.disableUsers).toMatchObject({
      done: 1,
      notDone: 2,
      items: [
        { state: 'WOULD_BE_DONE', code: null },
        { state: 'REFUSED', code: 'NOT_FOUND' },
        { state: 'REFUSED', code: 'FORBIDDEN' },
      ],
    });
  });
  expect(pool.AdminDisableUser).toBeUndefined();
  expect((await office.atPool('uma')).enabled).toBe(true);
});

test('each has an outcome of its own; the same key goes on, another list under it is refused', async () => {
  const ids = [await office.idOf('uma'), NOBODY, await office.idOf('grace.chen')];
  const input = { ids, idempotencyKey: 'bulk-key-1' };
  const first = await act('disableUsers', input, FIELDS);
  expect(first.errors).toBeUndefined();
  expect(first.data.disableUsers.items).toMatchObject([
    { state: 'DONE', user: { id: ids[0], account: { enabled: false } } },
    { state: 'REFUSED', code: 'NOT_FOUND', user: null },
    { state: 'DONE', user: { id: ids[2], account: { enabled: false } } },
  ]);
  const { pool } = await office.api.count(async () => {
    const again = await act('disableUsers', input, FIELDS);
    expect(again.data).toEqual(first.data);
  });
  expect(pool).toEqual({});
  const other = await act('disableUsers', { ...input, ids: ids.slice(0, 1) }, FIELDS);
  expect(other.errors).toMatchObject([
    { extensions: { code: 'CONFLICT', reason: 'idempotency_key' } },
  ]);

  const enabled = await act('enableUsers', { ids }, FIELDS);
  expect(enabled.data.enableUsers).toMatchObject({ done: 2, notDone: 1 });
});

test('groups, invitations and deletions come in bulk too', async () => {
  const users = [{ email: 'one@example.com' }, { email: 'ada@example.com' }, { username: 'two' }];
  const invited = await act('inviteUsers', { users, message: 'NONE' }, FIELDS);
  expect(invited.errors).toBeUndefined();
  expect(invited.data.inviteUsers.items).toMatchObject([
    { state: 'DONE' },
    { state: 'REFUSED', code: 'CONFLICT' },
    { state: 'DONE' },
  ]);
  const ids = [0, 2].map((index) => invited.data.inviteUsers.items[index].user.id);
  const added = await act('addUsersToGroup', { ids, group: 'support' }, FIELDS);
  expect(added.data.addUsersToGroup.items).toMatchObject(
    ids.map(() => ({ state: 'DONE', user: { account: { groups: ['support'] } } })),
  );
  const removed = await act('removeUsersFromGroup', { ids, group: 'support' }, FIELDS);
  expect(removed.data.removeUsersFromGroup).toMatchObject({ done: 2 });
  const deleted = await act('deleteUsers', { ids }, 'done notDone');
  expect(deleted.data.deleteUsers).toEqual({ done: 2, notDone: 0 });
  await expect(office.atPool('two')).rejects.toThrow('User does not exist.');
});

test.each([[0], [101]])('%i items are refused', async (count) => {
  const ids = Array.from({ length: count }, () => NOBODY).map(
    (id, index) => id.slice(0, -3) + String(index).padStart(3, '0'),
  );
  const { errors } = await act('enableUsers', { ids }, 'done');
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', reason: 'bulk_size' } }]);
});

test('whoever is named twice is one item, in whatever case', async () => {
  const id = await office.idOf('nadia.chen');
  const { data, errors } = await office.act(
    'deleteUsers',
    { ids: [id, id.toUpperCase(), id] },
    'items { state } done notDone',
  );
  expect(errors).toBeUndefined();
  expect(data.deleteUsers).toEqual({ items: [{ state: 'DONE' }], done: 1, notDone: 0 });
});
