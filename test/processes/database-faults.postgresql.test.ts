import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { LISTENER_NAME } from '../../src/database/notifications.js';
import { startApi, type TestApi } from '../support/api.js';
import { Processes, type RunningServer, until } from '../support/process.js';
import { isGood, type Load, type Outcome, startLoad } from './client-load.js';
import { type FaultyDatabase, faultyDatabase, openHandles } from './faulty-database.js';

jest.setTimeout(120_000);

/** Always a statement, whether or not the viewer is remembered. */
const QUERY = '{ me { id } users(first: 2) { nodes { id } } }';
const ME = '{ me { id } }';
const CREATE_GROUP = `mutation ($name: String!) {
  createGroup(input: { name: $name, reason: "a fault" }) { group { name } }
}`;

/** Milliseconds from the end of a fault to the first answer, and of an answer while it lasts. */
const RECOVERY = 5_000;
const LONGEST = 10_000;

/** Of MikroORM's pool, and the one that listens. */
const MOST_CONNECTIONS = 11;
/** Whose connections are kept alive. */
const MOST_CLIENTS = 20;

function onServer(): void {
  const processes = new Processes();
  let host: TestApi;
  let database: FaultyDatabase;
  let server: RunningServer;
  let ada: string;
  let load: Load;
  let handlesBefore: number;

  beforeAll(async () => {
    host = await startApi({ swept: false, environment: { SYNC_INTERVAL: '0' } });
    database = await faultyDatabase();
    host.localPool.faults.set({ jwks: 'down' });
    server = await processes.start({
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      COGNITO_USER_POOL_ID: host.poolId,
      COGNITO_CLIENT_IDS: host.clientId,
      COGNITO_ENDPOINT: host.localPool.endpoint,
      DATABASE_URL: database.url,
      LIMIT_REQUESTS: '1000000',
    });
    ada = await host.signIn('ada@example.com');
  });
  afterAll(async () => {
    await load?.stop();
    await processes.clear();
    await database.close();
    await host.close();
  });

  const listening = () =>
    until(async () => {
      const found = await database.sql<object>(
        `select pid from pg_stat_activity where application_name = '${LISTENER_NAME}'`,
      );
      return found.length === 1 || undefined;
    });

  /** Whoever is signed out by another server is refused here, though they were remembered. */
  async function expectRevocation(): Promise<void> {
    await listening();
    const token = await host.signIn('uma@example.com');
    for (let times = 0; times < 2; times++) expect((await server.ask(ME, token)).status).toBe(200);
    await database.sql(
      `update app_user set refused_before = now() + interval '1 second'
       where id = (select user_id from identity where username = 'uma')`,
    );
    await until(async () => (await server.ask(ME, token)).status === 401 || undefined, 2_000);
    await database.sql('update app_user set refused_before = null');
  }

  function expectUnavailable(outcomes: readonly Outcome[]): void {
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({
        status: 503,
        code: 'UNAVAILABLE',
        retryAfter: expect.stringMatching(/^\d+$/),
      });
      expect(outcome.answeredAt - outcome.sentAt).toBeLessThan(LONGEST);
    }
  }

  /** What clients saw from the begin of a fault until all was well again. */
  async function during(fault: () => Promise<unknown>): Promise<void> {
    const from = performance.now();
    await fault();
    const endedAt = performance.now();
    await load.until(isGood);
    const seen = load.outcomes.filter(({ sentAt }) => sentAt >= from);
    const first = seen.find((one) => isGood(one) && one.sentAt >= endedAt);
    expect(seen.some((one) => !isGood(one))).toBe(true);
    expectUnavailable(seen.filter((one) => !isGood(one)));
    expect((first?.answeredAt ?? Number.POSITIVE_INFINITY) - endedAt).toBeLessThan(RECOVERY);
    await load.until(isGood, 20);
  }

  const isBad = (outcome: Outcome) => !isGood(outcome);

  test('the keys of the pool cannot be had from the start, in whichever way', async () => {
    for (const jwks of ['down', 'empty', 'broken', 'huge', 'slow'] as const) {
      host.localPool.faults.set({ jwks });
      // Until the next request may have them loaded.
      await sleep(1_050);
      const { status, errors, headers } = await server.ask(ME, ada);
      expect([jwks, status, errors?.[0].extensions.code]).toEqual([jwks, 503, 'UNAVAILABLE']);
      expect(headers.get('retry-after')).toMatch(/^\d+$/);
    }
    host.localPool.faults.clear();
    await until(async () => (await server.ask(ME, ada)).status === 200 || undefined, RECOVERY);
  });

  test('the keys of the pool cannot be had later, and are rotated', async () => {
    host.localPool.faults.set({ jwks: 'down' });
    await fetch(`${host.localPool.endpoint}/local-pool/jwks/rotate`, { method: 'POST' });
    const ofNewKey = await host.signIn('ada@example.com');
    expect((await server.ask(ME, ofNewKey)).status).toBe(401);
    expect((await server.ask(ME, ada)).status).toBe(200);
    host.localPool.faults.clear();
    await until(async () => (await server.ask(ME, ofNewKey)).status === 200 || undefined, RECOVERY);
  });

  test.each(['throttling', 'hang', 'reset'] as const)(
    'the pool fails by %s: profiles go on, what needs it is 503, and done in the end',
    async (fault) => {
      host.localPool.faults.set({ operations: [{ match: '*', fault }] });
      expect((await server.ask('{ me { profile { name } } }', ada)).status).toBe(200);
      const name = `while-${fault}`;
      const refused = await server.ask(CREATE_GROUP, ada, { name });
      expect([refused.status, refused.errors?.[0].extensions.code]).toEqual([503, 'UNAVAILABLE']);
      host.localPool.faults.clear();
      const isThere = async () => {
        await server.ask(CREATE_GROUP, ada, { name });
        const { data } = await server.ask('{ groups { name } }', ada);
        return data?.groups?.some((group: { name: string }) => group.name === name) || undefined;
      };
      await until(isThere);
    },
  );

  test('clients begin to ask, and go on from here', async () => {
    load = startLoad(server, { query: QUERY, token: ada, clients: 4 });
    await load.until(isGood, 20);
    handlesBefore = (await openHandles(server.pid)) ?? 0;
  });

  test('PostgreSQL restarts', async () => {
    await during(() => database.restart(() => load.until(isBad, 4)));
    await expectRevocation();
  });

  test('connections are reset', async () => {
    await during(async () => {
      await database.proxy.refuse();
      database.proxy.cut();
      await load.until(isBad, 4);
      await database.proxy.mend();
    });
  });

  test.each([200, 2_000])(
    'packets are lost for as long as the server takes to notice and %i ms more',
    async (more) => {
      await during(async () => {
        database.proxy.swallow();
        await load.until(isBad, 4);
        await sleep(more);
        await database.proxy.mend();
      });
      await expectRevocation();
    },
  );

  test('packets are lost for a second', async () => {
    database.proxy.swallow();
    await sleep(1_000);
    const endedAt = performance.now();
    await database.proxy.mend();
    const [first] = await load.until(isGood);
    expect((first?.answeredAt ?? Number.POSITIVE_INFINITY) - endedAt).toBeLessThan(RECOVERY);
  });

  test('another server takes the place of the one that died', async () => {
    await during(() => database.failOver());
    await expectRevocation();
  });

  test('the server that takes its place lets nobody write for a while', async () => {
    await database.administer('alter database faulty set default_transaction_read_only = on');
    database.proxy.cut();
    await load.until(isGood, 4);
    const refused = await server.ask(CREATE_GROUP, ada, { name: 'read-only' });
    expect([refused.status, refused.errors?.[0].extensions.code]).toEqual([503, 'UNAVAILABLE']);
    await database.administer('alter database faulty reset default_transaction_read_only');
    database.proxy.cut();
    await load.until(isGood, 4);
    expect((await server.ask(CREATE_GROUP, ada, { name: 'read-write' })).status).toBe(200);
  });

  test('all connections of the pool are held up', async () => {
    const open = await database.hold('lock table app_user in access exclusive mode');
    const more = startLoad(server, { query: QUERY, token: ada, clients: 16 });
    try {
      const refused = await more.until(isBad, 6);
      expectUnavailable(refused);
    } finally {
      await open();
      await load.until(isGood, 4);
      await more.stop();
    }
    expectUnavailable(more.outcomes.filter(isBad));
  });

  test('two writes wait for each other: one is done, the other may be sent again', async () => {
    await database.sql(
      `create function meet() returns trigger language plpgsql as
       'begin
          perform pg_advisory_xact_lock(case when (new.input->>''name'') = ''left'' then 1 else 2 end);
          perform pg_sleep(0.5);
          perform pg_advisory_xact_lock(case when (new.input->>''name'') = ''left'' then 2 else 1 end);
          return new;
        end';
       create trigger meet before insert on command for each row execute function meet()`,
    );
    const answers = await Promise.all(
      ['left', 'right'].map((name) => server.ask(CREATE_GROUP, ada, { name })),
    );
    await database.sql('drop trigger meet on command');
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 503]);
    const refused = answers.find(({ status }) => status === 503);
    expect(refused?.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(refused?.errors).toMatchObject([{ extensions: { code: 'UNAVAILABLE' } }]);
    const again = answers[0] === refused ? 'left' : 'right';
    expect((await server.ask(CREATE_GROUP, ada, { name: again })).status).toBe(200);
  });

  test('the disk of the database is full', async () => {
    const full = 'could not extend file "base/5/1259": No space left on device';
    await database.sql(
      `create function full_disk() returns trigger language plpgsql as
       $$begin raise exception '${full}' using errcode = '53100'; end$$;
       create trigger full_disk before insert on command execute function full_disk()`,
    );
    const refused = await server.ask(CREATE_GROUP, ada, { name: 'full' });
    expect([refused.status, refused.errors?.[0].extensions.code]).toEqual([503, 'UNAVAILABLE']);
    expect(refused.text).not.toContain('No space left');
    await server.says('No space left on device');
    await database.sql('drop trigger full_disk on command');
    expect((await server.ask(CREATE_GROUP, ada, { name: 'full' })).status).toBe(200);
  });

  describe('after all that', () => {
    test('no connection and no handle is left over, and nothing is said of listeners', async () => {
      const connections = await database.sql<object>(
        `select pid from pg_stat_activity
         where datname = 'faulty' and backend_type = 'client backend' and pid <> pg_backend_pid()`,
      );
      expect(connections.length).toBeLessThanOrEqual(MOST_CONNECTIONS);
      const handles = (await openHandles(server.pid)) ?? 0;
      expect(handles - handlesBefore).toBeLessThanOrEqual(MOST_CONNECTIONS + MOST_CLIENTS);
      await load.stop();
      const { code, stderr } = await server.end();
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    });
  });
}

describe('while', onServer);
