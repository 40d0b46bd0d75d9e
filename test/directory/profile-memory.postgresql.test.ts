import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { profileMemoryOf, sightingsOf, viewerChangesOf } from '../../src/directory/index.js';
import { type Client, startApi, type TestApi } from '../support/api.js';

let api: TestApi;
let ada: Client;

beforeAll(async () => {
  api = await startApi({ environment: { PROFILE_READ_BUDGET: '20000' } });
  ada = await api.as('ada@example.com');
  await ada.execute('{ me { id } }');
  await sightingsOf(api.server.app).flush();
});
afterAll(() => api.close());

const caughtUp = () => viewerChangesOf(api.server.app).read();
const execute = (sql: string, values: readonly unknown[] = []) =>
  api.server.app.orm.em.fork().execute(sql, [...values]);

const PAGE = '{ users(first: 50) { nodes { id profile { name picture stale } } } }';
const ONE = 'query ($id: ID!) { user(id: $id) { profile { name nickname stale syncedAt } } }';

/** What is shown of a user, and the statements that it took. */
async function shown(id: string) {
  let profile: Record<string, unknown> = {};
  const { sql } = await api.count(async () => {
    const { data } = await ada.execute(ONE, { id });
    profile = data.user.profile;
  });
  return { profile, ofMirror: sql.filter((text) => text.includes('pool_profile')).length };
}

/** A person whose profile is remembered. */
async function remembered(name: string) {
  const person = await api.person({ name });
  await caughtUp();
  await shown(person.id);
  expect(await shown(person.id)).toMatchObject({ profile: { name }, ofMirror: 0 });
  return person;
}

describe('once read', () => {
  test('a page of 50 with profiles costs the statement of the page alone', async () => {
    await ada.execute(PAGE);
    await caughtUp();
    const { data: first } = await ada.execute(PAGE);
    const { sql, pool } = await api.count(async () => {
      const { data } = await ada.execute(PAGE);
      expect(data).toEqual(first);
    });
    expect(sql).toHaveLength(1);
    expect(pool).toEqual({});
  });

  test("one's own profile costs none", async () => {
    const me = '{ me { id profile { name picture } } }';
    await caughtUp();
    await ada.execute(me);
    const { sql } = await api.count(async () => {
      const { data } = await ada.execute(me);
      expect(data.me.profile.name).toBe('Ada Okafor');
    });
    expect(sql).toEqual([]);
  });
});

describe('is read anew after', () => {
  const identity = '(select id from identity where user_id = ?)';
  test.each([
    [
      'new attributes',
      `update pool_profile set attributes = attributes || '{"name": "New"}' where identity_id in ${identity}`,
      'New',
    ],
    [
      'the deletion of the account',
      'update identity set deleted_at = now() where user_id = ?',
      null,
    ],
    [
      'the addition of an account that is used last',
      `insert into identity (id, created_at, updated_at, user_id, pool_id, subject, username, last_seen_at)
       values (gen_random_uuid(), now(), now(), ?, 'eu-west-1_Former000', 'x', 'x', now() + interval '1 hour')`,
      null,
    ],
    [
      'the mirror was put back',
      `update pool_profile set attributes_read_at = attributes_read_at - interval '1 hour' where identity_id in ${identity}`,
      'Old',
    ],
  ])('%s', async (_what, statement, name) => {
    const person = await remembered('Old');
    await execute(statement, [person.id]);
    await caughtUp();
    const { profile, ofMirror } = await shown(person.id);
    expect(ofMirror).toBeGreaterThan(0);
    expect(profile.name).toBe(name);
  });

  test('another of several accounts was used last', async () => {
    const person = await remembered('Of the first');
    await execute(
      `insert into identity (id, created_at, updated_at, user_id, pool_id, subject, username)
       values (gen_random_uuid(), now(), now(), ?, 'eu-west-1_Former000', 'y', 'y')`,
      [person.id],
    );
    await execute('update identity set last_seen_at = now() where user_id = ? and username <> ?', [
      person.id,
      'y',
    ]);
    await caughtUp();
    expect((await shown(person.id)).profile.name).toBe('Of the first');
    await execute(
      "update identity set last_seen_at = now() + interval '1 hour' where username = 'y'",
    );
    await caughtUp();
    expect((await shown(person.id)).profile.name).toBeNull();
  });

  test('it has become too old', async () => {
    const { id } = await remembered('Aged');
    await api.at(new Date(Date.now() + 301_000), async () => {
      const { profile, ofMirror } = await shown(id);
      expect(ofMirror).toBeGreaterThan(0);
      expect(profile.stale).toBe(true);
    });
  });

  test('changes may have been missed', async () => {
    const { id } = await remembered('Missed');
    viewerChangesOf(api.server.app).restart();
    expect((await shown(id)).ofMirror).toBeGreaterThan(0);
    await caughtUp();
  });
});

test('what changed while it was read is not remembered', async () => {
  const { id } = await remembered('Racing');
  const memory = profileMemoryOf(api.server.app);
  memory.forget(id);
  const { data } = await ada.execute(ONE, { id });
  expect(data.user.profile.name).toBe('Racing');
  const profile = memory.recall(id);
  memory.forget(id);
  if (profile === undefined) throw new Error('It was not remembered.');
  await memory.learn(async () => {
    await execute(
      'update pool_profile set attributes = attributes || \'{"name": "Winner"}\' where identity_id in (select id from identity where user_id = ?)',
      [id],
    );
    await caughtUp();
    return [profile];
  });
  expect(memory.recall(id)).toBeUndefined();
  expect((await shown(id)).profile.name).toBe('Winner');
});
