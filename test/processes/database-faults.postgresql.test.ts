import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { LISTENER_NAME } from '../../src/database/notifications.js';
import { startApi, type TestApi } from '../support/api.js';
import { Processes, type RunningServer, until } from '../support/process.js';
import { isGood, type Load, type Outcome, startLoad } from './client-load.js';
import { type FaultyDatabase, faultyDatabase, openHandles } from './faulty-database.js';

jest.setTimeout(120_000);

/** Always a statement, whether or not the viewer is remembered. */
const QUERY = '{ me { id } users(first: 2) { nodes { id } } }';
const ME = '{ me { id } }';
const PROFILE = '{ me { profile { name } } }';
const CREATE_GROUP = `mutation ($name: String!) {
  createGroup(input: { name: $name, reason: "a fault" }) { group { name } }
}`;

/** Milliseconds from the end of a fault to the first answer, and of an answer while it lasts. */
const RECOVERY = 5_000;
const LONGEST = 10_000;

/** One at each try to load them. The first takes 3 seconds, then they come 1, 2 and 4 apart: after 10 a key is looked for again. */
const KEY_FAULTS = ['slow', 'empty', 'broken', 'huge'] as const;

/** Of MikroORM's pool, and the one that listens. */
const MOST_CONNECTIONS = 11;
/** Whose connections are kept alive. */
const MOST_CLIENTS = 8;
/** Handles that come and go, such as a connection to the pool. */
const FEW = 4;

function onServer(): void {
  const processes = new Processes();
  let host: TestApi;
  let database: FaultyDatabase;
  let server: RunningServer;
  let ada: string;
  let load: Load;
  let handlesBefore: number;
  /** Groups whose requests were told that the server goes on with them. */
  const promised: string[] = [];

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
      LIMIT_FAILED_TOKENS: '1000000',
      LIMIT_REQUESTS: '1000000',
    });
    ada = await host.signIn('ada@example.com');
    handlesBefore = await otherHandles();
  });
  afterEach(() => host.localPool.faults.clear());
  afterAll(async () => {
    await load?.stop();
    await processes.clear();
    await database.close();
    await host.close();
  });

  /** Connections of the server to its database. */
  const connections = () =>
    database.sql<object>(
      `select pid from pg_stat_activity
       where datname = 'faulty' and backend_type = 'client backend' and pid <> pg_backend_pid()`,
    );

  /** But for those of connections to the database, of which some are kept for a while; clients keep as many each time. */
  async function otherHandles(): Promise<number> {
    await Promise.all(Array.from({ length: MOST_CLIENTS }, () => server.ask(ME, ada)));
    const { length } = await connections();
    return ((await openHandles(server.pid)) ?? length) - length;
  }

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
    expect(seen.some(isBad)).toBe(true);
    expectUnavailable(seen.filter(isBad));
    expectRecovery(endedAt);
    await load.until(isGood, 20);
  }

  /** Of clients that have had a good answer since. */
  function expectRecovery(endedAt: number): void {
    const first = load.outcomes.find((one) => isGood(one) && one.sentAt >= endedAt);
    expect((first?.answeredAt ?? Number.POSITIVE_INFINITY) - endedAt).toBeLessThan(RECOVERY);
  }

  const isBad = (outcome: Outcome) => !isGood(outcome);
  const newName = () => `written-${randomUUID()}`;

  /** Writes until that is done, which is soon, and answers with the name of the group. */
  async function written(): Promise<string> {
    const from = performance.now();
    const name = await until(async () => {
      const { data } = await server.ask(CREATE_GROUP, ada, { name: newName() });
      return data?.createGroup.group.name;
    });
    expect(performance.now() - from).toBeLessThan(RECOVERY);
    return name;
  }

  /** What two clients write meanwhile is done or refused, and all that was acknowledged is there after it. */
  async function whileWriting(fault: () => Promise<void>): Promise<void> {
    const writers = startLoad(server, {
      query: CREATE_GROUP,
      variables: () => ({ name: newName() }),
      token: ada,
      clients: 2,
      pause: 100,
    });
    try {
      await writers.until(isGood, 2);
      await fault();
      await writers.until(isGood, 2);
    } finally {
      await writers.stop();
    }
    expectUnavailable(writers.outcomes.filter(isBad));
    const acknowledged = writers.outcomes.filter(isGood);
    await expectKept(acknowledged.map(({ text }) => JSON.parse(text).data.createGroup.group.name));
  }

  async function expectKept(groups: readonly string[]): Promise<void> {
    const done = await database.sql<{ name: string }>(
      `select split_part(audit_event.target_group, '/', 2) as name
       from audit_event join command on command.id = action_id
       where outcome = 'DONE' and state = 'DONE'`,
    );
    const names = new Set(done.map(({ name }) => name));
    expect(groups.filter((name) => !names.has(name))).toEqual([]);
  }

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

  test('the keys of the pool cannot be had later, in whichever way, and are rotated twice: who has a known key goes on until that is withdrawn', async () => {
    const known = ada;
    const notShown = await Promise.all(KEY_FAULTS.map(() => host.signIn('ada@example.com')));
    const viewer = startLoad(server, { query: ME, token: known, clients: 1 });
    const rotated: string[] = [];
    const tries = () => server.output().split('keys of the pool could not be loaded').length;
    try {
      for (const [index, jwks] of KEY_FAULTS.entries()) {
        const before = tries();
        host.localPool.faults.set({ jwks });
        // Of two keys at most: the one that is known is withdrawn, which nobody can know yet.
        while (rotated.length < 2) {
          await fetch(`${host.localPool.endpoint}/local-pool/jwks/rotate`, { method: 'POST' });
          rotated.push(await host.signIn('ada@example.com'));
        }
        for (const token of rotated) expect((await server.ask(ME, token)).status).toBe(401);
        await until(() => tries() > before || undefined);
        expect((await server.ask(ME, notShown[index])).status).toBe(200);
      }
      await viewer.until(isGood);
    } finally {
      await viewer.stop();
      host.localPool.faults.clear();
      ada = await host.signIn('ada@example.com');
    }
    expect(viewer.outcomes.filter(isBad)).toEqual([]);
    for (const token of rotated)
      await until(async () => (await server.ask(ME, token)).status === 200 || undefined, RECOVERY);
    for (const token of [known, ...notShown])
      expect((await server.ask(ME, token)).status).toBe(401);
    await written();
  });

  // Six are more than the outages in a row after which calls are not even sent. The more are throttled the longer all
  // rest, 20 seconds in the end.
  test.each([
    ['throttling', 1],
    ['hang', 6],
    ['reset', 6],
  ] as const)(
    'the pool fails by %s: profiles go on, and what needs it is 503 until it is back',
    async (fault, writes) => {
      host.localPool.faults.set({ operations: [{ match: '*', fault }] });
      expect((await server.ask(PROFILE, ada)).status).toBe(200);
      const names = Array.from({ length: writes }, (_, index) => `while-${fault}-${index}`);
      const refused = await Promise.all(
        names.map((name) => server.ask(CREATE_GROUP, ada, { name })),
      );
      for (const { status, errors } of refused)
        expect([status, errors?.[0].extensions.code]).toEqual([503, 'UNAVAILABLE']);
      promised.push(
        ...names.filter((_, index) => refused[index]?.errors[0].extensions.reason === 'under_way'),
      );
      host.localPool.faults.clear();
      await written();
    },
  );

  test('the pool is slow: profiles go on at once, and what needs it takes as long', async () => {
    host.localPool.faults.set({
      operations: [{ match: '*', fault: 'latency', milliseconds: 1_000 }],
    });
    let isWritten = false;
    const writing = server.ask(CREATE_GROUP, ada, { name: 'while-slow' }).finally(() => {
      isWritten = true;
    });
    expect((await server.ask(PROFILE, ada)).status).toBe(200);
    expect(isWritten).toBe(false);
    expect((await writing).status).toBe(200);
    host.localPool.faults.clear();
    await written();
  });

  test('clients begin to ask, and go on from here', async () => {
    load = startLoad(server, { query: QUERY, token: ada, clients: 4 });
    await load.until(isGood, 20);
  });

  test('PostgreSQL restarts', async () => {
    const whileDown = async () => {
      await load.until(isBad, 4);
      expect((await fetch(`${server.origin}/readyz`)).status).toBe(503);
    };
    await whileWriting(() => during(() => database.restart(whileDown)));
    await expectRevocation();
  });

  test('connections are reset', async () => {
    await whileWriting(() =>
      during(async () => {
        await database.proxy.refuse();
        database.proxy.cut();
        await load.until(isBad, 4);
        await database.proxy.mend();
      }),
    );
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

  test('the server crashes, and the one that stands by takes its place: it lets nobody write for a while, and has what was acknowledged', async () => {
    await database.standBy();
    await load.until(isGood);
    const before = await written();
    await database.untilFollowed();
    await during(() =>
      database.failOver(
        () => load.until(isBad, 4),
        async () => {
          await load.until(isGood, 4);
          const refused = await server.ask(CREATE_GROUP, ada, { name: 'read-only' });
          expect([refused.status, refused.errors?.[0].extensions.code]).toEqual([
            503,
            'UNAVAILABLE',
          ]);
        },
      ),
    );
    await expectKept([before, await written()]);
    await expectRevocation();
  });

  test('all connections of the pool are held up', async () => {
    const open = await database.hold('lock table app_user in access exclusive mode');
    const more = startLoad(server, { query: QUERY, token: ada, clients: 16 });
    let endedAt: number;
    try {
      await more.until(isBad, 6);
    } finally {
      await open();
      endedAt = performance.now();
      await load.until(isGood, 4);
      await more.stop();
    }
    expectRecovery(endedAt);
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

  test('its connections limit what a statement takes, and a transaction that nobody goes on with', async () => {
    const seen = ['statement_timeout', 'idle_in_transaction_session_timeout'];
    await database.sql(
      `create table limits_seen (name text, value text);
       create function note_limits() returns trigger language plpgsql as
       'begin
          insert into limits_seen select name, current_setting(name)
            from unnest(array[${seen.map((name) => `''${name}''`).join()}]) as name;
          return new;
        end';
       create trigger note_limits before insert on command for each row execute function note_limits()`,
    );
    await written();
    expect(await database.sql('select name, value from limits_seen')).toEqual([
      { name: 'statement_timeout', value: '30s' },
      { name: 'idle_in_transaction_session_timeout', value: '1min' },
    ]);
    await database.sql('drop trigger note_limits on command');
  });

  describe('after all that', () => {
    test('whatever the server promised to go on with is done', async () => {
      expect(promised.length).toBeGreaterThan(0);
      await until(async () => {
        const { data } = await server.ask('{ groups { name } }', ada);
        const names = new Set(data?.groups.map(({ name }: { name: string }) => name));
        return promised.every((name) => names.has(name)) || undefined;
      });
      await expectKept(promised);
    });

    test('no connection and no handle is left over, and nothing is said of listeners', async () => {
      await load.stop();
      expectUnavailable(load.outcomes.filter(isBad));
      expect((await connections()).length).toBeLessThanOrEqual(MOST_CONNECTIONS);
      await until(async () => (await otherHandles()) <= handlesBefore + FEW || undefined);
      const { code, stderr } = await server.end();
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    });
  });
}

describe('while', onServer);
