import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { withoutRowRules } from '../../../src/database/row-view.js';
import { Identity, User } from '../../../src/directory/index.js';
import { mirrored } from '../../../src/directory/mirrored-profile.js';
import { writeGroups, writeProfiles } from '../../../src/directory/pool-profile-rows.js';
import { SERVER_ACTOR } from '../../../src/features/audit-log/index.js';
import { commandsOf } from '../../../src/features/back-office/commands.js';
import { userRequests } from '../../../src/features/back-office/user-requests.js';
import { type Office, startOffice } from './office.js';

const RETIRED = 'eu-west-1_Retired00';
const logged: string[] = [];
let office: Office;
/** An administrator of a pool that is not configured any more. */
let retired: string;
beforeAll(async () => {
  office = await startOffice({ onLog: (line) => void logged.push(line) });
  const em = withoutRowRules(office.api.server.app.orm.em, 'it is what was there before');
  const user = em.create(User, {});
  const known = { subject: 'retired', username: 'retired' };
  const { id } = em.create(Identity, { user, poolId: RETIRED, ...known });
  await em.flush();
  retired = user.id;
  const moment = new Date();
  const profile = mirrored(
    {
      ...known,
      attributes: {},
      status: 'CONFIRMED',
      enabled: true,
      createdAt: moment,
      modifiedAt: moment,
    },
    moment,
  );
  await writeProfiles(em, new Map([[id, profile]]));
  await writeGroups(em, new Map([[id, { names: ['admin'], askedAt: moment }]]));
});
afterAll(() => office.api.close());

test('whoever is of a pool that is not configured any more is no administrator who stays', async () => {
  // As an operator would disable the only one of the pools: nobody is themselves there.
  const { app } = office.api.server;
  const asking = { app, actor: SERVER_ACTOR, groups: [] };
  const given = { id: await office.idOf('ada'), reason: 'because' };
  const request = await userRequests.disableUser(asking, given);
  await expect(commandsOf(app).rehearse(request)).rejects.toMatchObject({ reason: 'last_admin' });
});

test('what is asked of them fails at once, since no pool has it', async () => {
  const { errors } = await office.act('disableUser', { id: retired });
  expect(errors).toMatchObject([{ extensions: { code: 'UNAVAILABLE', reason: 'user_pool' } }]);
  expect(await office.trailOf(retired)).toEqual(['disableUser INTENT', 'disableUser FAILED']);
});

describe('who has an account at a configured pool as well', () => {
  const LEFT = `The account at ${RETIRED} was left as it is: a pool that is not configured is not asked.`;
  let both: string;
  beforeAll(async () => {
    both = await office.idOf('liam.chen');
    const em = withoutRowRules(office.api.server.app.orm.em, 'it is what was there before');
    em.create(Identity, { user: both, poolId: RETIRED, subject: 'both', username: 'both' });
    await em.flush();
  });

  test.each([
    ['disableUser', {}],
    ['enableUser', {}],
    ['signOutUser', {}],
  ])(
    '%s ends there, and says what was left alone, also to whoever sends its key again',
    async (name, given) => {
      for (const _time of ['at first', 'again']) {
        const input = { id: both, idempotencyKey: `both-${name}`, ...given };
        const { errors, extensions } = await office.act(name, input);
        expect(errors).toBeUndefined();
        expect(extensions?.warnings).toEqual([{ code: 'ACCOUNTS_LEFT_ALONE', message: LEFT }]);
      }
      expect((await office.trailOf(both)).slice(-2)).toEqual([`${name} INTENT`, `${name} DONE`]);
    },
  );

  test('what is about one account is done to it, or fails at once', async () => {
    const attributes = [{ name: 'nickname', value: 'Lee' }];
    const onPool = (poolId: string) =>
      office.act('updateUserAttributes', { id: both, attributes, poolId });
    const done = await onPool(office.api.poolId);
    expect(done.errors).toBeUndefined();
    expect(done.extensions?.warnings).toBeUndefined();
    expect((await office.atPool('liam.chen')).attributes).toMatchObject({ nickname: 'Lee' });
    const { errors } = await onPool(RETIRED);
    expect(errors).toMatchObject([{ extensions: { code: 'UNAVAILABLE', reason: 'user_pool' } }]);
    expect((await office.trailOf(both)).at(-1)).toBe('updateUserAttributes FAILED');
  });

  test('a bulk says it of the item', async () => {
    const fields = 'items { state code message }';
    const { errors, data } = await office.act('disableUsers', { ids: [both] }, fields);
    expect(errors).toBeUndefined();
    expect(data.disableUsers.items).toEqual([{ state: 'DONE', code: null, message: LEFT }]);
  });

  test('deleteUser deletes what it can reach, and nobody comes back from either pool', async () => {
    const fields = 'actionId deletedId';
    const { errors, data, extensions } = await office.act('deleteUser', { id: both }, fields);
    expect(errors).toBeUndefined();
    expect(extensions?.warnings).toEqual([{ code: 'ACCOUNTS_LEFT_ALONE', message: LEFT }]);
    await expect(office.atPool('liam.chen')).rejects.toMatchObject({
      name: 'UserNotFoundException',
    });
    const em = office.api.server.app.orm.em.fork();
    expect(await em.count(Identity, { user: both, deletedAt: null })).toBe(0);
    expect((await office.trailOf(both)).at(-1)).toBe('deleteUser DONE');
    const { actionId } = data.deleteUser;
    expect(logged.filter((line) => line.includes(`"actionId":"${actionId}"`)).join('')).toContain(
      `"pools":["${RETIRED}"],"msg":"accounts at pools that are not configured were left alone"`,
    );
  });
});
