import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { onPostgres, type TestDatabase } from '../support/database.js';
import { opened } from '../support/migrated-and-seeded.js';
import { type Ended, look, on, Processes } from '../support/process.js';
import { poolClient } from './pool-client.js';

// Servers that start on nothing fill a whole pool first.
jest.setTimeout(60_000);

const processes = new Processes();
afterEach(() => processes.clear());

const ME = '{ me { id } }';
const DISABLE = `mutation ($id: ID!) {
  disableUser(input: { id: $id, reason: "left" }) { user { id } }
}`;
const PERSON = '0192f0c1-0000-7000-8000-000000000001';
/** Migrations that follow each other; there are more. */
const OLDER = 'Migration20261126094600';
const LATER = 'Migration20261126094932';
const STACK = /^\s+at /m;

function embedded(): void {
  test('whatever comes second is told which process holds the database and what to do', async () => {
    const environment = await on(await processes.prepared());
    const holder = await processes.start(environment);
    const refused: readonly Ended[] = await Promise.all([
      processes.startInVain({ ...environment, LOCAL_POOL_PORT: '0' }),
      processes.lifeguard(['migrate'], environment),
      processes.mikroOrm(['migration:pending'], environment),
    ]);
    for (const { code, stdout, stderr } of refused) {
      expect(stdout + stderr).toContain(`is held by the process ${holder.pid}.`);
      expect(stdout + stderr).toContain('Stop that server first, set DATA_DIR to another folder');
      expect(stdout + stderr).not.toMatch(STACK);
      expect(code).toBe(1);
    }
    const [server] = refused;
    expect(server?.stdout).toBe('');
    expect(server?.stderr.trimEnd().split('\n')).toHaveLength(1);
    expect((await holder.ask('{ server { name } }')).status).toBe(200);

    await holder.end();
    expect(await processes.mikroOrm(['migration:pending'], environment)).toMatchObject({ code: 0 });
    expect(await processes.lifeguard(['migrate'], environment)).toEqual({
      code: 0,
      stdout: 'The database is up to date.\n',
      stderr: '',
    });
  });
}

function shared(): void {
  async function migrationsOf(database: TestDatabase): Promise<string[]> {
    const applied = 'select name from mikro_orm_migrations order by id';
    return (await look<{ name: string }>(database, applied)).map(({ name }) => name);
  }

  test.each([
    ['is empty', () => processes.empty()],
    ['has people, and an older schema', older],
  ])('a database that %s is migrated once by two who begin at once', async (_state, given) => {
    const database = await given();
    const environment = await on(database);
    const ended = await Promise.all(
      [1, 2].map(() => processes.lifeguard(['migrate'], environment)),
    );
    for (const { code, stderr } of ended) expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const applied = await migrationsOf(database);
    expect(applied).toContain(LATER);
    expect(new Set(applied).size).toBe(applied.length);
    expect(await look(database, 'select id from app_user')).toEqual(
      given === older ? [{ id: PERSON }] : [],
    );
  });

  /** As a version has left it whose migrations ended with that. */
  async function older(): Promise<TestDatabase> {
    const database = await processes.prepared();
    await look(
      database,
      `insert into app_user (id, created_at, updated_at) values ('${PERSON}', now(), now())`,
    );
    const orm = await opened(database.location);
    await orm.migrator.down({ to: OLDER });
    await orm.close(true);
    expect((await migrationsOf(database)).at(-1)).toBe(OLDER);
    return database;
  }

  // The third time, by servers.
  test('both come up on an empty database, share its local pool and its people, and refuse what the other has ended', async () => {
    const database = await processes.empty();
    const environment = { ...(await on(database)), LOG_LEVEL: 'info' };
    const servers = await Promise.all([processes.start(environment), processes.start(environment)]);
    const [first, second] = servers;
    const withPool = servers.filter((server) => server.output().includes('Local pool at'));
    expect(withPool).toHaveLength(1);
    const migrations = await migrationsOf(database);
    expect(migrations).toContain(LATER);
    expect(new Set(migrations).size).toBe(migrations.length);
    const pools = await look(database, 'select id from local_pool.pool');
    expect(pools).toHaveLength(1);

    const pool = await poolClient(first.poolEndpoint);
    for (const username of ['newcomer-1', 'newcomer-2', 'newcomer-3']) {
      await pool.addPerson(username);
      const token = await pool.signIn(username);
      const answers = await Promise.all(
        Array.from({ length: 50 }).flatMap(() => servers.map((server) => server.ask(ME, token))),
      );
      expect(answers).toHaveLength(100);
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
      const ids = new Set(answers.map(({ data }) => data.me.id));
      expect(ids.size).toBe(1);
      const rows = await look<{ user_id: string }>(
        database,
        `select user_id from identity where username = '${username}'`,
      );
      expect(rows.map(({ user_id }) => user_id)).toEqual([...ids]);
    }
    const orphans = await look(
      database,
      'select id from app_user u where not exists (select from identity where user_id = u.id)',
    );
    expect(orphans).toEqual([]);

    const [ada, uma] = await Promise.all(['ada@example.com', 'uma@example.com'].map(pool.signIn));
    const { id } = (await second.ask(ME, uma)).data.me;
    expect((await first.ask(DISABLE, ada, { id })).status).toBe(200);
    expect((await second.ask(ME, uma)).status).toBe(401);
    pool.close();
    for (const server of servers)
      expect(server.output()).not.toMatch(/"level":"(?:warn|error|fatal)"/);
  });
}

if (onPostgres) describe('two servers of one PostgreSQL', shared);
else describe('two processes of one embedded database', embedded);
