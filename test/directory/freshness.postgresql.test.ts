import { setTimeout as sleep } from 'node:timers/promises';
import {
  AdminAddUserToGroupCommand,
  AdminDeleteUserCommand,
  AdminRemoveUserFromGroupCommand,
  AdminUpdateUserAttributesCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { mirrorOf, viewerChangesOf } from '../../src/directory/index.js';
import { type Client, startApi, type TestApi } from '../support/api.js';

let api: TestApi;
let ada: Client;

beforeAll(async () => {
  api = await startApi();
  ada = await api.as('ada@example.com');
  await ada.execute('{ me { id } }');
});
afterEach(() => api.localPool.faults.clear());
afterAll(() => api.close());

const execute = <Rows extends readonly object[]>(
  sql: string,
  parameters: readonly unknown[] = [],
) => api.server.app.orm.em.fork().execute<Rows>(sql, [...parameters]);

/** Waits for what runs behind the answers, and until what was read a moment ago counts no more. */
async function settled(): Promise<void> {
  await mirrorOf(api.server.app).settle();
  await sleep(1_050);
}

/** Lets the mirror have read everything an hour ago. */
async function age(): Promise<void> {
  await settled();
  await execute(
    "update pool_profile set attributes_read_at = attributes_read_at - interval '1 hour', groups_read_at = groups_read_at - interval '1 hour'",
  );
  await viewerChangesOf(api.server.app).read();
}

const idOf = async (username: string): Promise<string> => {
  const [row] = await execute<{ id: string }[]>(
    'select user_id as id from identity where username = ?',
    [username],
  );
  return String(row?.id);
};

const ask = /* GraphQL */ `query ($id: ID!) {
  user(id: $id) { profile { name stale syncedAt } account { email groups } }
}`;

const ofUser = (Username: string) => ({ UserPoolId: api.poolId, Username });

const rename = (username: string, name: string) =>
  api.cognito.send(
    new AdminUpdateUserAttributesCommand({
      ...ofUser(username),
      UserAttributes: [{ Name: 'name', Value: name }],
    }),
  );

describe('a profile that was read too long ago', () => {
  test('is served as it is, marked stale, and read anew behind the answer', async () => {
    const id = await idOf('mei.chen');
    await age();
    await rename('mei.chen', 'Mei Changed');
    const first = await ada.execute(ask, { id });
    expect(first.data.user.profile).toMatchObject({ name: 'Mei Chen', stale: true });
    await settled();
    const { data, errors } = await ada.execute(ask, { id });
    expect(errors).toBeUndefined();
    expect(data.user.profile).toMatchObject({ name: 'Mei Changed', stale: false });
    expect(Date.parse(data.user.profile.syncedAt)).toBeGreaterThan(Date.now() - 60_000);
  });

  test('is read once, however many see it', async () => {
    const id = await idOf('mei.gupta');
    await age();
    const { pool } = await api.count(async () => {
      await Promise.all(Array.from({ length: 30 }, () => ada.execute(ask, { id })));
      await mirrorOf(api.server.app).settle();
    });
    expect(pool.AdminGetUser).toBeLessThanOrEqual(2);
  });

  test('costs no statement and no pool call of the answer', async () => {
    await age();
    await settled();
    const fresh = await ada.execute('{ users(first: 60) { nodes { profile { name } } } }');
    expect(fresh.errors).toBeUndefined();
    await settled();
    const { sql, pool } = await api.count(() =>
      ada.execute('{ users(first: 60) { nodes { profile { name } } } }'),
    );
    expect(pool).toEqual({});
    expect(sql).toHaveLength(2);
  });
});

describe('groups that were read too long ago', () => {
  test('are served, and read anew behind the answer', async () => {
    const id = await idOf('mei.chen');
    await ada.execute(ask, { id });
    await age();
    await api.cognito.send(
      new AdminAddUserToGroupCommand({ ...ofUser('mei.chen'), GroupName: 'support' }),
    );
    expect((await ada.execute(ask, { id })).data.user.account.groups).toEqual([]);
    await settled();
    expect((await ada.execute(ask, { id })).data.user.account.groups).toEqual(['support']);
    await api.cognito.send(
      new AdminRemoveUserFromGroupCommand({ ...ofUser('mei.chen'), GroupName: 'support' }),
    );
  });
});

describe('while the pool is in trouble', () => {
  test.each(['error', 'reset'] as const)(
    'by %s, stale profiles come with a warning, and are fresh again after',
    async (fault) => {
      const query = '{ users(first: 20) { nodes { profile { name stale } } } }';
      await age();
      api.localPool.faults.set({ operations: [{ match: '*', fault }], jwks: 'ok' });
      // What the first answers leave behind shows that the pool is down.
      for (let asked = 0; asked < 3; asked++) {
        await ada.execute(query);
        await mirrorOf(api.server.app).settle();
      }
      const { status, data, extensions } = await ada.execute(query);
      expect(status).toBe(200);
      expect(data.users.nodes).toHaveLength(20);
      const stale = data.users.nodes.filter(
        ({ profile }: { profile: { stale: boolean } }) => profile.stale,
      );
      expect(extensions?.warnings).toEqual([
        {
          code: 'PROFILES_STALE',
          message: `${stale.length} of 20 profiles may be out of date: the user pool does not answer as it should.`,
        },
      ]);

      api.localPool.faults.clear();
      await expect(freshAgain(query)).resolves.toBe(true);
      expect((await ada.execute(query)).extensions).toBeUndefined();
    },
  );

  async function freshAgain(query: string): Promise<boolean> {
    for (let tries = 0; tries < 15; tries++) {
      await settled();
      const { data } = await ada.execute(query);
      const isFresh = data.users.nodes.every(
        ({ profile }: { profile: { stale: boolean } }) => !profile.stale,
      );
      if (isFresh) return true;
    }
    return false;
  }

  test('what was never read is missing, and the answer says so', async () => {
    const id = await idOf('mei.dubois');
    await settled();
    await execute(
      "delete from pool_profile where identity_id in (select id from identity where username = 'mei.dubois')",
    );
    await viewerChangesOf(api.server.app).read();
    api.localPool.faults.set({
      operations: [{ match: 'AdminGetUser', fault: 'error' }],
      jwks: 'ok',
    });
    const { data, extensions } = await ada.execute(ask, { id });
    expect(data.user.profile).toEqual({ name: null, stale: true, syncedAt: null });
    expect(extensions?.warnings).toEqual([
      {
        code: 'PROFILES_MISSING',
        message: '1 of 1 profiles could not be read from the user pool in time.',
      },
    ]);
  });
});

test('an admin sees how many calls there were', async () => {
  await settled();
  const { data } = await ada.execute('{ poolCalls { region category perSecond sent waiting } }');
  const reads = data.poolCalls.find(
    ({ category }: { category: string }) => category === 'UserRead',
  );
  expect(reads).toEqual({
    region: 'us-east-1',
    category: 'UserRead',
    perSecond: 96,
    sent: api.localPool.calls.get('AdminGetUser'),
    waiting: 0,
  });
});

describe('a user who is gone from the pool', () => {
  test('is shown no account any more, and their token is refused', async () => {
    const token = await api.signIn('liam.gupta@example.com');
    const liam = api.withToken(token);
    const { data } = await liam.execute('{ me { id } }');
    await age();
    await api.cognito.send(new AdminDeleteUserCommand(ofUser('liam.gupta')));
    await ada.execute(ask, { id: data.me.id });
    await settled();
    const after = await ada.execute(ask, { id: data.me.id });
    expect(after.data.user.account).toBeNull();
    expect((await liam.execute('{ me { id } }')).errors?.[0]?.extensions).toMatchObject({
      code: 'UNAUTHENTICATED',
      reason: 'deleted',
    });
  });
});
