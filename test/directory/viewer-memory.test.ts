import {
  AdminDisableUserCommand,
  AdminEnableUserCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { EntityManager } from '@mikro-orm/postgresql';
import {
  groupCheckOf,
  sightingsOf,
  viewerChangesOf,
  viewerMemoryOf,
} from '../../src/directory/index.js';
import { findSignIn } from '../../src/directory/sign-in.js';
import { ViewerMemory } from '../../src/directory/viewer-memory.js';
import { CLAIMS } from '../http/fixture-server.js';
import { type Client, startApi, type TestApi } from '../support/api.js';
import { onPostgres } from '../support/database.js';

let api: TestApi;
let em: EntityManager;

beforeAll(async () => {
  api = await startApi();
  em = api.server.app.orm.em.fork();
});
afterAll(() => api.close());

const ME = '{ me { id } }';

/** Reads what was changed up to now. */
const caughtUp = () => viewerChangesOf(api.server.app).read();

/** A person whom the server remembers, and what behind the answer is due about them is done. */
async function remembered(email: string): Promise<Client & { id: string }> {
  const client = await api.as(email);
  const { data } = await client.execute(ME);
  await groupCheckOf(api.server.app).settle();
  await sightingsOf(api.server.app).flush();
  await caughtUp();
  await client.execute(ME);
  return { ...client, id: data.me.id };
}

/** Statements that a request makes to know who asks. */
async function lookUps(client: Client): Promise<number> {
  const { sql } = await api.count(() => client.execute('{ server { name } }'));
  return sql.length;
}

describe('who asks', () => {
  test.each(['ada@example.com', 'uma@example.com'])(
    '%s costs no statement once known',
    async (email) => {
      const client = await remembered(email);
      expect(await lookUps(client)).toBe(0);
      const { sql } = await api.count(() => client.execute('{ me { id createdAt updatedAt } }'));
      expect(sql).toEqual([]);
    },
  );

  test('costs one at first, which serves "me" too', async () => {
    const client = await api.as('grace.chen@example.com');
    await client.execute(ME);
    const again = await api.as('grace.chen@example.com');
    const { sql } = await api.count(() => again.execute(ME));
    expect(sql).toHaveLength(1);
  });

  test('is one sign-in: another of the same person is looked up by itself', async () => {
    const first = await remembered('uma@example.com');
    const second = await api.as('uma@example.com');
    expect(await lookUps(second)).toBe(1);
    expect(await lookUps(first)).toBe(0);
  });
});

describe('a change is told', () => {
  const ofUser = "(select id from identity where username = 'liam.chen')";
  const where = `where identity_id = ${ofUser}`;
  test.each([
    [
      'disabled',
      `update pool_profile set enabled = false, pool_modified_at = now() ${where}`,
      'disabled',
    ],
    ['enabled', `update pool_profile set enabled = true ${where}`, 'revoked'],
    ['signed out', 'update app_user set refused_before = now() where id = ?', 'revoked'],
    ['let in again', 'update app_user set refused_before = null where id = ?', undefined],
    ['deleted', 'update identity set deleted_at = now() where user_id = ?', 'deleted'],
    ['back', 'update identity set deleted_at = null where user_id = ?', undefined],
    ['in a group', `update pool_profile set groups = '["x"]' ${where}`, undefined],
    [
      'with new attributes',
      `update pool_profile set attributes = attributes || '{"nickname": "N"}' ${where}`,
      undefined,
    ],
    ['without a mirror', `delete from pool_profile ${where}`, undefined],
    ['ended', 'update session set ended_at = now() where user_id = ?', 'revoked'],
    ['with the session forgotten', 'delete from session where user_id = ?', undefined],
  ])('of a person who is %s', async (_what, statement, reason) => {
    const client = await persona();
    await em.execute(statement, statement.includes('?') ? [client.id] : []);
    await caughtUp();
    const { errors } = await client.execute('{ server { name } }');
    expect(errors?.[0]?.extensions?.reason).toBe(reason);
  });

  let liam: (Client & { id: string }) | undefined;
  /** One sign-in for all of them, one after the other. */
  async function persona() {
    liam ??= await remembered('liam.chen@example.com');
    return liam;
  }
});

describe('nothing is told', () => {
  test.each([
    [
      'of a mirror that was read again and is the same',
      'update pool_profile set attributes_read_at = now(), groups_read_at = now(), updated_at = now()',
    ],
    ['of who was seen', 'update identity set last_seen_at = now()'],
    ['of sessions that go on', 'update session set last_seen_at = now()'],
  ])('%s', async (_what, statement) => {
    const uma = await remembered('uma@example.com');
    const [before] = await em.execute<{ count: string }[]>('select count(*) from viewer_change');
    await em.execute(statement);
    await caughtUp();
    expect(await em.execute('select count(*) from viewer_change')).toEqual([before]);
    expect(await lookUps(uma)).toBe(0);
  });
});

const FORGET =
  'delete from pool_profile using identity where identity.id = identity_id and user_id = ?';

test.each([
  ['whom the mirror knew', 'mei.chen', 'select 1 where ? is not null'],
  ['whom the mirror did not know yet', 'rosa.chen', FORGET],
])(
  '%s, and who is disabled at the pool and enabled again there, signs in anew',
  async (_who, username, before) => {
    const client = await remembered(`${username}@example.com`);
    await em.execute(before, [client.id]);
    const { app } = api.server;
    const user = { UserPoolId: api.poolId, Username: username };
    const look = () => client.execute('mutation { refreshMyProfile { user { id } } }');
    await api.cognito.send(new AdminDisableUserCommand(user));
    expect((await look()).errors?.[0]?.extensions?.reason).toBe('disabled');
    await api.cognito.send(new AdminEnableUserCommand(user));
    const support = await api.as('ada@example.com');
    await app.orm.em.fork().execute("update pool_profile set attributes_read_at = 'epoch'");
    const query = 'query ($id: ID!) { user(id: $id) { account { enabled } } }';
    for (const end = Date.now() + 20_000; Date.now() < end; ) {
      const { data } = await support.execute(query, { id: client.id });
      if (data.user.account.enabled) break;
    }
    await caughtUp();
    expect((await client.execute(ME)).errors?.[0]?.extensions?.reason).toBe('revoked');
  },
);

describe('what is remembered', () => {
  const tokenOf = (index: number) => ({ ...CLAIMS, originJti: `origin-${index}` });
  const signIn = (userId: string) => ({
    userId,
    identityId: 'identity',
    deleted: false,
    enabled: true,
    ended: false,
    refusedBefore: null,
    groups: [],
    groupsReadAt: 0,
    seenAt: 0,
    user: { id: userId },
  });
  const learn = (memory: ViewerMemory, index: number) =>
    memory.learn(
      tokenOf(index),
      async () => signIn(`user-${index}`),
      () => true,
    );

  test('is bounded, and the longest unused goes first', async () => {
    const memory = new ViewerMemory(api.server.app, 100);
    await caughtUp();
    for (let index = 0; index < 1_000; index++) await learn(memory, index);
    expect(memory.size).toBe(100);
    await caughtUp();
    expect(memory.recall(tokenOf(0))).toBeUndefined();
    expect(memory.recall(tokenOf(999))).toMatchObject({ userId: 'user-999' });
  });

  test('is not what was changed while it was read: that is read again', async () => {
    const memory = new ViewerMemory(api.server.app, 10);
    const uma = await remembered('uma@example.com');
    let reads = 0;
    const look = async () => {
      reads += 1;
      if (reads === 1) {
        await em.execute('update app_user set refused_before = ? where id = ?', [
          new Date(0),
          uma.id,
        ]);
        await caughtUp();
      }
      return signIn(uma.id);
    };
    await memory.learn(tokenOf(1), look, () => true);
    expect(reads).toBe(2);
  });

  test('is nothing that may change any moment', async () => {
    const memory = new ViewerMemory(api.server.app, 10);
    await memory.learn(
      tokenOf(1),
      async () => signIn('user'),
      () => false,
    );
    expect(memory.size).toBe(0);
  });

  test('is nothing of a subject whom nobody has', async () => {
    expect(await findSignIn(CLAIMS, em)).toBeUndefined();
  });

  test('is the user as they are now', async () => {
    const uma = await remembered('uma@example.com');
    const updatedAt = '2030-01-01T00:00:00.000Z';
    await em.execute('update app_user set updated_at = ? where id = ?', [updatedAt, uma.id]);
    await caughtUp();
    const { data } = await uma.execute('{ me { updatedAt } }');
    expect(data.me).toEqual({ updatedAt });
  });

  test('survives many changes of others', async () => {
    const uma = await remembered('uma@example.com');
    await em.execute(
      "update pool_profile set groups = '[]' where identity_id not in (select id from identity where user_id = ?)",
      [uma.id],
    );
    await caughtUp();
    expect(await lookUps(uma)).toBe(0);
    expect(viewerMemoryOf(api.server.app).size).toBeGreaterThan(0);
  });
});

test('while changes cannot be read every viewer is looked up, and after that nothing old is remembered', async () => {
  const uma = await remembered('uma@example.com');
  await em.execute('alter table viewer_change rename to elsewhere');
  await caughtUp();
  expect(viewerMemoryOf(api.server.app).size).toBe(0);
  const { sql } = await api.count(() => uma.execute('{ server { name } }'));
  expect(sql).toHaveLength(1);
  expect(await lookUps(uma)).toBe(1);
  await em.execute('alter table elsewhere rename to viewer_change');
  await caughtUp();
  expect(await lookUps(uma)).toBe(1);
  expect(await lookUps(uma)).toBe(0);
});

if (onPostgres) {
  test('a transaction that is committed after later ones is not missed', async () => {
    const uma = await remembered('uma@example.com');
    const sam = await remembered('sam@example.com');
    const late = api.server.app.orm.em.fork();
    await late.begin();
    await late.execute('update app_user set refused_before = now() where id = ?', [uma.id]);
    await em.execute('update app_user set refused_before = now() where id = ?', [sam.id]);
    await caughtUp();
    expect((await sam.execute(ME)).status).toBe(401);
    // Others pass it by, and the server has looked more than once.
    for (let times = 0; times < 3; times++) {
      await em.execute('update app_user set refused_before = now() where id = ?', [sam.id]);
      await caughtUp();
    }
    expect((await uma.execute(ME)).status).toBe(200);
    expect(await lookUps(uma)).toBe(0);
    await late.commit();
    await caughtUp();
    expect((await uma.execute(ME)).status).toBe(401);
  });
}
