import { setTimeout as sleep } from 'node:timers/promises';
import { AdminDisableUserCommand } from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Client } from '../../support/api.js';
import { type Office, startOffice } from './office.js';

jest.setTimeout(60_000);

let office: Office;
beforeAll(async () => {
  office = await startOffice();
});
afterAll(() => office.api.close());

test.each([
  ['disableUser', {}],
  ['deleteUser', {}],
  ['removeUserFromGroup', { group: 'admin' }],
])(
  '%s of the last administrator is refused, whoever asks, and the trail tells',
  async (name, given) => {
    // A sign-in of the second in which the last ones were ended would count as one of them.
    await sleep(1_100);
    // Somebody whose token was made an administrator's before the group was taken away.
    await office.makeAdmin('grace.chen');
    const demoted: Client = await office.api.as('grace.chen@example.com');
    await demoted.execute('{ me { id } }');
    const grace = await office.idOf('grace.chen');
    const ada = await office.idOf('ada');
    await office.api.cognito.send(
      new AdminDisableUserCommand({ UserPoolId: office.api.poolId, Username: 'grace.chen' }),
    );
    const fields = name === 'deleteUser' ? 'deletedId' : 'actionId';
    const answer = await office.act(name, { id: ada, ...given }, fields, demoted);
    // The mirror believed in an administrator whom the pool has disabled meanwhile: she was looked up.
    expect(answer.errors).toMatchObject([
      { extensions: { code: 'CONFLICT', reason: 'last_admin' } },
    ]);
    expect(await office.trailOf(ada)).toContain(`${name} REFUSED`);
    expect((await office.atPool('ada')).enabled).toBe(true);
    await office.act('enableUser', { id: grace });
  },
);

test('the token of a machine is not counted', async () => {
  const client = await office.api.asClient({ scopes: ['unheard/of'] });
  const { status } = await office.act(
    'enableUser',
    { id: await office.idOf('uma') },
    undefined,
    client,
  );
  expect(status).toBe(403);
});
