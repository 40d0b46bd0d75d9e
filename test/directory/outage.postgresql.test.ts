import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { mirrorOf, viewerChangesOf } from '../../src/directory/index.js';
import { type Client, startApi, type TestApi } from '../support/api.js';

let api: TestApi;
let ada: Client;

beforeAll(async () => {
  // A quarter of the quota: 30 reads of users a second.
  api = await startApi({ environment: { POOL_QUOTA_PERCENT: '25' } });
  ada = await api.as('ada@example.com');
  await ada.execute('{ me { id } }');
});
afterEach(() => api.localPool.faults.clear());
afterAll(() => api.close());

interface Shown {
  readonly profile: {
    readonly name: string | null;
    readonly stale: boolean;
    readonly syncedAt: string | null;
  };
}
const PROFILE = 'profile { name stale syncedAt }';
const page = `{ users(first: 60) { nodes { ${PROFILE} } } }`;
const own = `{ me { ${PROFILE} } }`;

/** Waits for what runs behind the answers, and until what was read a moment ago counts no more. */
async function settled(): Promise<void> {
  await mirrorOf(api.server.app).settle();
  await sleep(1_050);
}

const execute = (sql: string) => api.server.app.orm.em.fork().execute(sql);

/** Lets the mirror have read everything an hour ago. */
async function age(): Promise<void> {
  await settled();
  await execute(
    "update pool_profile set attributes_read_at = attributes_read_at - interval '1 hour'",
  );
  await viewerChangesOf(api.server.app).read();
}

async function asked(query: string) {
  const began = performance.now();
  const { status, data, errors, extensions } = await ada.execute(query);
  const seconds = (performance.now() - began) / 1_000;
  const users: Shown[] = data.users?.nodes ?? [data.me];
  return { status, errors, extensions, users, seconds };
}

async function freshAgain(query: string): Promise<void> {
  const deadline = Date.now() + 45_000;
  for (;;) {
    const { users } = await asked(query);
    if (users.every(({ profile }) => !profile.stale)) return;
    if (Date.now() > deadline) throw new Error('The profiles stayed stale.');
    await settled();
  }
}

/** Seconds in which an answer has to come, whatever the pool does. */
const DEADLINE = 2;

describe.each([
  ['is throttled', { fault: 'throttling' }],
  ['is slow', { fault: 'latency', milliseconds: 3_000 }],
  ['hangs', { fault: 'hang' }],
  ['answers with errors', { fault: 'error' }],
  ['cuts connections', { fault: 'reset' }],
] as const)('while the pool %s', (_what, fault) => {
  test('`me` and `users` are answered in time from the mirror, marked stale, and fresh again after', async () => {
    await freshAgain(page);
    const before = (await asked(page)).users.map(({ profile }) => profile.name);
    await age();
    api.localPool.faults.set({ operations: [{ match: '*', ...fault }] });
    for (const query of [own, page, own, page]) {
      const { status, errors, users, seconds } = await asked(query);
      expect([status, errors]).toEqual([200, undefined]);
      expect(seconds).toBeLessThan(DEADLINE);
      expect(users.map(({ profile }) => profile.name)).toEqual(
        query === own ? ['Ada Okafor'] : before,
      );
      for (const { profile } of users)
        expect(profile).toMatchObject({ stale: true, syncedAt: expect.any(String) });
    }
    api.localPool.faults.clear();
    await freshAgain(page);
  });
});

test('a page of 60 whom nobody read before is answered in time with those who came, each read once', async () => {
  await freshAgain(page);
  const { users: everybody } = await asked(page);
  const others = everybody.filter(({ profile }) => profile.name !== 'Ada Okafor').length;
  await settled();
  // Whoever asks has a role by what the mirror knows of them: Ada stays.
  await execute('delete from pool_profile where not groups @> \'["admin"]\'');
  await viewerChangesOf(api.server.app).read();
  const { pool } = await api.count(async () => {
    const { status, errors, extensions, users, seconds } = await asked(page);
    expect([status, errors]).toEqual([200, undefined]);
    expect(seconds).toBeLessThan(DEADLINE);
    const missing = users.filter(({ profile }) => profile.stale);
    // At 30 a second some came within the time, and some did not.
    expect(missing.length).toBeGreaterThan(0);
    expect(missing.length).toBeLessThan(60);
    expect(missing.map(({ profile }) => profile)).toEqual(
      missing.map(() => ({ name: null, stale: true, syncedAt: null })),
    );
    expect(extensions?.warnings).toEqual([
      {
        code: 'PROFILES_MISSING',
        // Of those that were not remembered: who asks may have been.
        message: expect.stringMatching(
          new RegExp(
            `^${missing.length} of (59|60) profiles could not be read from the user pool in time\\.$`,
          ),
        ),
      },
    ]);
    // Whoever asks meanwhile waits for the same reads.
    await Promise.all([asked(page), asked(page)]);
    await mirrorOf(api.server.app).settle();
  });
  expect(pool).toEqual({ AdminGetUser: others });
  // From here on nothing of them changes.
  await viewerChangesOf(api.server.app).read();
  await asked(page);
  const warm = await api.count(() => asked(page));
  expect(warm.pool).toEqual({});
  // The page's: what was read is remembered.
  expect(warm.sql).toHaveLength(1);
});
