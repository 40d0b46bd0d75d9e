import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { withoutRowRules } from '../../../src/database/row-view.js';
import { Identity, User } from '../../../src/directory/index.js';
import { mirrored } from '../../../src/directory/mirrored-profile.js';
import { writeGroups, writeProfiles } from '../../../src/directory/pool-profile-rows.js';
import { SERVER_ACTOR } from '../../../src/features/audit-log/index.js';
import { commandsOf } from '../../../src/features/back-office/commands.js';
import { userRequests } from '../../../src/features/back-office/user-requests.js';
import { type Office, startOffice } from './office.js';

let office: Office;
/** An administrator of a pool that is not configured any more. */
let retired: string;
beforeAll(async () => {
  office = await startOffice();
  const em = withoutRowRules(office.api.server.app.orm.em, 'it is what was there before');
  const user = em.create(User, {});
  const known = { subject: 'retired', username: 'retired' };
  const { id } = em.create(Identity, { user, poolId: 'eu-west-1_Retired00', ...known });
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
