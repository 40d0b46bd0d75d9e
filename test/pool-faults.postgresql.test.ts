import { setTimeout as sleep } from 'node:timers/promises';
import { AdminGetUserCommand } from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { createServer } from '../src/app.js';
import { readConfig } from '../src/config.js';
import { withoutRowRules } from '../src/database/row-view.js';
import { mirrorOf, User, viewerChangesOf } from '../src/directory/index.js';
import { createLog } from '../src/log/index.js';
import { type Client, clientOf, startApi, type TestApi } from './support/api.js';
import { testDatabase } from './support/database.js';
import { TokenForge } from './support/token-forge.js';

let api: TestApi;
let ada: Client;
/** Milliseconds by which the clock of the process was moved on. */
let moved = 0;

beforeAll(async () => {
  const now = Date.now.bind(Date);
  jest.spyOn(Date, 'now').mockImplementation(() => now() + moved);
  api = await startApi();
  ada = await api.as('ada@example.com');
  await ada.execute('{ me { id } }');
});
afterEach(() => api.localPool.faults.clear());
afterAll(async () => {
  await api.close();
  jest.restoreAllMocks();
});

/** The ways in which an operation fails for good. */
const FAULTS = ['throttling', 'error', 'reset', 'hang'] as const;

/** Milliseconds for a list, however the pool fails; a busy machine takes its time. */
const PATIENCE = 4_500;

describe('profiles, while AdminGetUser', () => {
  const list = '{ users(first: 20) { nodes { id profile { name stale } account { email } } } }';
  interface Listed {
    readonly id: string;
    readonly profile: { readonly name: string | null; readonly stale: boolean };
    readonly account: { readonly email: string | null };
  }
  const listed = async () => {
    const { status, data, errors } = await ada.execute(list);
    const users: Listed[] = data.users.nodes;
    return { status, errors, users };
  };

  /** Empties the mirror of every second one; what was read a moment ago is forgotten too. */
  async function forgetSome(ids: readonly string[]): Promise<void> {
    await mirrorOf(api.server.app).settle();
    await sleep(1_050);
    await api.server.app.orm.em.fork().execute(
      `delete from pool_profile where identity_id in (
           select id from identity where user_id in (${ids.map(() => '?').join(', ')}))`,
      [...ids],
    );
    await viewerChangesOf(api.server.app).read();
  }

  test.each(FAULTS)(
    'fails by %s, are those of the mirror, and stale where it has none',
    async (fault) => {
      const { users: before } = await listed();
      expect(before.map(({ profile }) => profile.stale)).toEqual(before.map(() => false));
      const forgotten = before.filter((_user, index) => index % 2 === 1).map(({ id }) => id);
      await forgetSome(forgotten);
      api.localPool.faults.set({ operations: [{ match: 'UserRead', fault }] });

      const began = performance.now();
      const { status, errors, users } = await listed();
      expect(performance.now() - began).toBeLessThan(PATIENCE);
      expect([status, errors]).toEqual([200, undefined]);
      expect(users).toEqual(
        before.map((user) =>
          forgotten.includes(user.id)
            ? { id: user.id, profile: { name: null, stale: true }, account: { email: null } }
            : user,
        ),
      );

      api.localPool.faults.clear();
      await mirrorOf(api.server.app).settle();
      await sleep(1_050);
      expect((await listed()).users).toEqual(before);
    },
    60_000,
  );

  test('is slow, but within what a request waits for, are all there', async () => {
    const { users: before } = await listed();
    await forgetSome(before.slice(0, 3).map(({ id }) => id));
    api.localPool.faults.set({
      operations: [{ match: 'AdminGetUser', fault: 'latency', milliseconds: 100 }],
    });
    expect((await listed()).users).toEqual(before);
  });
});

describe('disableUser, while AdminDisableUser', () => {
  const disable = /* GraphQL */ `mutation ($input: DisableUserInput!) {
    disableUser(input: $input) { user { account { enabled } } }
  }`;
  const eventsOf = async (targetId: string) => {
    const query =
      'query ($targetId: ID!) { auditLog(filter: { targetId: $targetId }) { nodes { outcome code reason } } }';
    return (await ada.execute(query, { targetId })).data.auditLog.nodes;
  };
  const isEnabled = async (Username: string) => {
    const command = new AdminGetUserCommand({ UserPoolId: api.poolId, Username });
    return (await api.cognito.send(command)).Enabled;
  };
  const idOf = async (client: Client) => (await client.execute('{ me { id } }')).data.me.id;

  test('is throttled, does nothing, and says so in the answer and in the trail', async () => {
    const uma = await api.as('uma@example.com');
    const id = await idOf(uma);
    api.localPool.faults.set({ operations: [{ match: 'AdminDisableUser', fault: 'throttling' }] });
    const { status, headers, data, errors } = await ada.execute(disable, {
      input: { id, reason: 'throttled' },
    });
    expect([status, data]).toEqual([503, null]);
    expect(headers['retry-after']).toMatch(/^\d+$/);
    expect(errors).toMatchObject([{ extensions: { code: 'UNAVAILABLE', reason: 'user_pool' } }]);

    api.localPool.faults.clear();
    expect((await eventsOf(id)).slice(0, 2)).toEqual([
      { outcome: 'FAILED', code: 'UNAVAILABLE', reason: null },
      { outcome: 'INTENT', code: null, reason: 'throttled' },
    ]);
    // Neither here nor there, and not later either.
    await sleep(200);
    expect(await isEnabled('uma')).toBe(true);
    const user = await everybody().findOneOrFail(User, { id });
    expect(user.refusedBefore).toBeNull();
    expect((await uma.execute('{ me { account { enabled } } }')).data).toEqual({
      me: { account: { enabled: true } },
    });
  }, 60_000);

  test.each(['error', 'reset', 'hang'] as const)(
    'fails by %s, so that the pool may have done it: the answer says that the server goes on, and it does',
    async (fault) => {
      const username = { error: 'grace.chen', reset: 'uma', hang: 'liam.chen' }[fault];
      const id = await idOf(await api.as(`${username}@example.com`));
      api.localPool.faults.set({ operations: [{ match: 'AdminDisableUser', fault }] });
      const { status, headers, data, errors } = await ada.execute(disable, {
        input: { id, reason: fault },
      });
      expect([status, data]).toEqual([503, null]);
      expect(headers['retry-after']).toMatch(/^\d+$/);
      expect(errors).toMatchObject([
        {
          extensions: {
            code: 'UNAVAILABLE',
            reason: 'under_way',
            hint: expect.stringContaining('actionId'),
          },
        },
      ]);
      const before = await eventsOf(id);
      expect(before[0]).toMatchObject({ outcome: 'INTENT', reason: fault });

      api.localPool.faults.clear();
      const em = api.server.app.orm.em.fork();
      // It would be due a quarter of a minute later.
      await em.execute("update job set run_at = now() where kind = 'command'");
      while ((await eventsOf(id)).length === before.length) await sleep(100);
      expect((await eventsOf(id))[0]).toMatchObject({ outcome: 'DONE', reason: null });
      expect(await isEnabled(username)).toBe(false);
      const user = await everybody().findOneOrFail(User, { id });
      expect(user.refusedBefore).not.toBeNull();
    },
    60_000,
  );

  test('fails once, does it at the second try', async () => {
    const sam = await api.as('sam@example.com');
    const id = await idOf(sam);
    api.localPool.faults.set({
      operations: [{ match: 'UserUpdate', fault: 'throttling', times: 1 }],
    });
    const { calls } = api.localPool;
    const before = calls.get('AdminDisableUser') ?? 0;
    const { errors, data } = await ada.execute(disable, { input: { id, reason: 'left' } });
    expect(errors).toBeUndefined();
    expect(data).toEqual({ disableUser: { user: { account: { enabled: false } } } });
    expect((calls.get('AdminDisableUser') ?? 0) - before).toBe(2);
    expect(await isEnabled('sam')).toBe(false);
    expect((await eventsOf(id))[0]).toMatchObject({ outcome: 'DONE' });
  });
});

describe('the keys of the pool', () => {
  const me = '{ me { account { email } } }';
  const statusWith = async (token: string) => (await api.withToken(token).execute(me)).status;
  const newToken = () => api.signIn('ada@example.com');
  const rotate = () =>
    fetch(`${api.localPool.endpoint}/local-pool/jwks/rotate`, { method: 'POST' });
  /** Until a key that is not known may cause another look at the endpoint. */
  const later = () => {
    moved += 11_000;
  };

  test.each(['empty', 'broken', 'huge', 'slow', 'down'] as const)(
    'are %s: a server that has them goes on, and learns of new ones when they are back',
    async (jwks) => {
      const remembered = await newToken();
      expect(await statusWith(remembered)).toBe(200);
      const ofKnownKey = await newToken();
      const issuer = `${api.localPool.endpoint}/${api.poolId}`;
      const stranger = new TokenForge({ issuer, clientId: api.clientId, kid: jwks });

      api.localPool.faults.set({ jwks });
      later();
      // The key that nobody knows makes the server look, and find the fault.
      expect(await statusWith(stranger.accessToken())).toBe(401);
      for (const token of [remembered, ofKnownKey, await newToken()])
        expect(await statusWith(token)).toBe(200);

      await rotate();
      const ofNewKey = await newToken();
      expect(await statusWith(ofNewKey)).toBe(401);
      api.localPool.faults.clear();
      later();
      expect(await statusWith(ofNewKey)).toBe(200);
    },
    30_000,
  );

  test('are rotated: new tokens are good at once, old ones until their key is withdrawn', async () => {
    const oldest = await newToken();
    expect(await statusWith(oldest)).toBe(200);
    for (const isPublished of [true, false]) {
      await rotate();
      later();
      expect(await statusWith(await newToken())).toBe(200);
      expect(await statusWith(oldest)).toBe(isPublished ? 200 : 401);
    }
  });

  test('are out of reach at the start: 503 to who shows a token, and 200 soon after they are back', async () => {
    process.env.AWS_ACCESS_KEY_ID = 'test';
    process.env.AWS_SECRET_ACCESS_KEY = 'test';
    api.localPool.faults.set({ jwks: 'down' });
    const database = await testDatabase();
    const server = await createServer({
      config: readConfig({
        COGNITO_USER_POOL_ID: api.poolId,
        COGNITO_CLIENT_IDS: api.clientId,
        COGNITO_ENDPOINT: api.localPool.endpoint,
      }),
      log: createLog({ level: 'silent' }),
      database: { location: database.location },
    });
    try {
      const person = clientOf(server, { authorization: `Bearer ${await newToken()}` });
      const refused = await person.execute(me);
      expect([refused.status, refused.errors]).toMatchObject([
        503,
        [{ extensions: { code: 'UNAVAILABLE' } }],
      ]);
      expect(refused.headers['retry-after']).toMatch(/^\d+$/);
      const anonymous = await clientOf(server, {}).execute('{ server { name } }');
      expect(anonymous.status).toBe(200);
      api.localPool.faults.clear();
      later();
      expect((await person.execute(me)).status).toBe(200);
    } finally {
      await server.close();
      await database.drop();
    }
  });
});

function everybody() {
  return withoutRowRules(api.server.app.orm.em, 'a test looks at what was done');
}
