import {
  AdminAddUserToGroupCommand,
  AdminDeleteUserCommand,
  AdminDisableUserCommand,
  AdminUpdateUserAttributesCommand,
  UpdateUserAttributesCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { mirrorOf } from '../../../src/directory/index.js';
import { startApi, type TestApi } from '../../support/api.js';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterEach(() => api.localPool.faults.clear());
afterAll(() => api.close());

const refresh = /* GraphQL */ `mutation {
  refreshMyProfile { user { id profile { name stale } account { email groups } } }
}`;
const ask = '{ me { profile { name stale } account { email groups } } }';
const ofUser = (Username: string) => ({ UserPoolId: api.poolId, Username });

const renameAtPool = (token: string, name: string) =>
  api.cognito.send(
    new UpdateUserAttributesCommand({
      AccessToken: token,
      UserAttributes: [{ Name: 'name', Value: name }],
    }),
  );

test('shows at once what the client changed at the pool, in the answer and to everybody', async () => {
  const token = await api.signIn('uma@example.com');
  const uma = api.withToken(token);
  await uma.execute(ask);
  await renameAtPool(token, 'Uma Changed');
  expect((await uma.execute(ask)).data.me.profile.name).not.toBe('Uma Changed');

  const { status, data, errors } = await uma.execute(refresh);
  expect(errors).toBeUndefined();
  expect(status).toBe(200);
  expect(data.refreshMyProfile.user.profile).toEqual({ name: 'Uma Changed', stale: false });

  const ada = await api.as('ada@example.com');
  const query = 'query ($id: ID!) { user(id: $id) { profile { name } } }';
  const seen = await ada.execute(query, { id: data.refreshMyProfile.user.id });
  expect(seen.data.user.profile.name).toBe('Uma Changed');
});

test('never answers with what was read a moment before', async () => {
  const token = await api.signIn('mei.chen@example.com');
  const mei = api.withToken(token);
  for (const name of ['Mei One', 'Mei Two', 'Mei Three']) {
    await renameAtPool(token, name);
    const { data } = await mei.execute(refresh);
    expect(data.refreshMyProfile.user.profile.name).toBe(name);
  }
});

test('does not take the answer of a read that began before it', async () => {
  const token = await api.signIn('mei.gupta@example.com');
  const mei = api.withToken(token);
  await mei.execute(ask);
  // The first read is held up; what changes meanwhile has to be in the second answer.
  api.localPool.faults.set({
    operations: [{ match: 'AdminGetUser', fault: 'latency', milliseconds: 300, times: 1 }],
    jwks: 'ok',
  });
  const { pool } = await api.count(async () => {
    const first = mei.execute(refresh);
    await renameAtPool(token, 'Mei Meanwhile');
    const { data } = await mei.execute(refresh);
    expect(data.refreshMyProfile.user.profile.name).toBe('Mei Meanwhile');
    await first;
  });
  expect(pool.AdminGetUser).toBe(2);
});

test('costs few reads, however often it is asked for at once', async () => {
  const mei = await api.as('mei.dubois@example.com');
  await mei.execute(ask);
  await mirrorOf(api.server.app).settle();
  const { pool } = await api.count(() =>
    Promise.all(Array.from({ length: 20 }, () => mei.execute(refresh))),
  );
  // A read that began before one was asked for is not theirs: how many more follow is a matter of the machine.
  expect(pool.AdminGetUser).toBeLessThan(10);
  expect(pool.AdminListGroupsForUser).toBeLessThan(10);
});

test('reads groups too', async () => {
  const liam = await api.as('liam.chen@example.com');
  await liam.execute(ask);
  await api.cognito.send(
    new AdminAddUserToGroupCommand({ ...ofUser('liam.chen'), GroupName: 'support' }),
  );
  const { data } = await liam.execute(refresh);
  expect(data.refreshMyProfile.user.account.groups).toEqual(['support']);
});

test('is refused to nobody, and to machine clients', async () => {
  expect((await api.anonymous.execute(refresh)).status).toBe(401);
});

test.each(['error', 'reset'] as const)(
  'is UNAVAILABLE while the pool fails by %s',
  async (fault) => {
    const sam = await api.as('sam@example.com');
    await sam.execute(ask);
    api.localPool.faults.set({ operations: [{ match: 'AdminGetUser', fault }], jwks: 'ok' });
    const { status, headers, errors } = await sam.execute(refresh);
    expect(status).toBe(503);
    expect(headers['retry-after']).toBeDefined();
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'UNAVAILABLE', reason: 'user_pool' });
    api.localPool.faults.clear();
    // The mirror goes on serving.
    expect((await sam.execute(ask)).status).toBe(200);
  },
);

test('forgets an account that the pool does not have any more', async () => {
  const liam = await api.as('liam.gupta@example.com');
  await liam.execute(ask);
  await api.cognito.send(new AdminDeleteUserCommand(ofUser('liam.gupta')));
  for (const query of [refresh, ask]) {
    const { status, errors } = await liam.execute(query);
    expect(status).toBe(401);
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'UNAUTHENTICATED', reason: 'deleted' });
  }
});

test('refuses an account that was disabled at the pool', async () => {
  const token = await api.signIn('liam.dubois@example.com');
  const liam = api.withToken(token);
  await liam.execute(ask);
  await api.cognito.send(new AdminDisableUserCommand(ofUser('liam.dubois')));
  const { status, errors } = await liam.execute(refresh);
  expect(status).toBe(401);
  expect(errors?.[0]?.extensions).toMatchObject({ code: 'UNAUTHENTICATED', reason: 'disabled' });
});

test('shows what an administrator changed, in the second of two mutations of one request', async () => {
  const grace = await api.as('grace.chen@example.com');
  await grace.execute(ask);
  await api.cognito.send(
    new AdminUpdateUserAttributesCommand({
      ...ofUser('grace.chen'),
      UserAttributes: [{ Name: 'name', Value: 'Grace by Admin' }],
    }),
  );
  const { data, errors } = await grace.execute(/* GraphQL */ `mutation {
    first: refreshMyProfile { user { profile { name } } }
    then: updateMyProfile(input: { name: "Grace Herself" }) { user { profile { name } } }
  }`);
  expect(errors).toBeUndefined();
  expect(data.first.user.profile.name).toBe('Grace by Admin');
  expect(data.then.user.profile.name).toBe('Grace Herself');
});

// The last ones: they leave the calls of the pool resting for a while.
test.each(['hang', 'throttling'] as const)(
  'does not wait long for a pool that fails by %s',
  async (fault) => {
    const sam = await api.as('sam@example.com');
    await sam.execute(ask);
    api.localPool.faults.set({ operations: [{ match: 'AdminGetUser', fault }], jwks: 'ok' });
    const { status, errors } = await sam.execute(refresh);
    expect(status).toBe(503);
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'UNAVAILABLE', reason: 'user_pool' });
    expect((await sam.execute(ask)).status).toBe(200);
  },
);
