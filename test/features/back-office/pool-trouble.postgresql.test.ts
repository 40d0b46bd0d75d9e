import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { withoutRowRules } from '../../../src/database/row-view.js';
import { Command } from '../../../src/features/back-office/command.entity.js';
import { eventually } from '../../support/hooks.js';
import { type Office, startOffice } from './office.js';

jest.setTimeout(120_000);

let office: Office;
beforeAll(async () => {
  office = await startOffice();
});
afterEach(() => office.api.localPool.faults.clear());
afterAll(() => office.api.close());

/** As often as a call is sent before it fails. */
const THROTTLED = { fault: 'throttling', times: 5 } as const;

const throttle = (match: string) =>
  office.api.localPool.faults.set({ operations: [{ match, ...THROTTLED }] });

/** Lets the servers find what a request has left behind now, not in 15 seconds. */
const hurry = () =>
  withoutRowRules(office.api.server.app.orm.em, 'it is the test that waits').execute(
    "update job set run_at = now() where kind = 'command'",
  );

test('what the pool has done a part of is gone on with where it does not take the rest', async () => {
  const sam = await office.api.as('sam@example.com');
  const id = await office.idOf('sam');
  throttle('AdminUserGlobalSignOut');
  const input = { id, group: 'support', endSessions: true };
  const { errors } = await office.act('removeUserFromGroup', input);
  expect((await office.atPool('sam')).groups).toEqual([]);
  expect(errors).toMatchObject([{ extensions: { code: 'UNAVAILABLE', reason: 'under_way' } }]);
  office.api.localPool.faults.clear();
  await hurry();
  const isDone = async () =>
    (await office.trailOf(id)).join() === 'removeUserFromGroup INTENT,removeUserFromGroup DONE';
  expect(await eventually(isDone)).toBe(true);
  expect((await sam.execute('{ me { id } }')).status).toBe(401);
});

test('an invitation into a group that there is not leaves no account', async () => {
  const input = { username: 'nobody-yet', email: 'nobody@example.com', groups: ['nowhere'] };
  const { errors } = await office.act('inviteUser', input);
  expect(errors).toMatchObject([{ extensions: { code: 'NOT_FOUND', reason: 'pool_group' } }]);
  await expect(office.atPool('nobody-yet')).rejects.toThrow('User does not exist.');
});

test('whom the pool could not enable at the end of a time is enabled as soon as it can', async () => {
  const id = await office.idOf('uma');
  throttle('AdminEnableUser');
  const until = new Date(Date.now() + 500).toISOString();
  expect((await office.act('disableUser', { id, until })).errors).toBeUndefined();
  const failed = { targetId: id, action: 'enableUser', state: 'FAILED' } as const;
  const hasFailed = async () =>
    (await office.api.server.app.orm.em.fork().count(Command, failed)) > 0;
  expect(await eventually(hasFailed)).toBe(true);
  const isEnabled = async () => (await office.atPool('uma')).enabled === true;
  expect(await eventually(isEnabled)).toBe(true);
  const isDone = async () => (await office.trailOf(id)).at(-1) === 'enableUser DONE';
  expect(await eventually(isDone)).toBe(true);
});
