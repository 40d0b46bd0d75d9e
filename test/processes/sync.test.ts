import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { onPostgres, type TestDatabase } from '../support/database.js';
import { freePort } from '../support/free-port.js';
import type { PoolProxy } from '../support/pool-proxy.js';
import { look, on, Processes, until } from '../support/process.js';
import { type CrowdedPool, crowdedPool } from './crowded-pool.js';

// The claim of a process that was killed lasts for 10 seconds.
jest.setTimeout(180_000);

/** Milliseconds for what includes such a wait, beside other processes. */
const LONG = 90_000;

const processes = new Processes();
let pool: CrowdedPool;
beforeAll(async () => {
  pool = await crowdedPool();
});
afterEach(() => processes.clear());
afterAll(() => pool.close());

/** Everything that a walk writes, but ids and times of its own. */
const MIRROR = `
  select i.subject, i.username, i.deleted_at is not null as gone, p.attributes::text, p.status, p.enabled,
    p.groups::text, p.pool_created_at::text, p.pool_modified_at::text,
    (select count(*)::int from identity o where o.user_id = i.user_id) as accounts
  from identity i join app_user u on u.id = i.user_id left join pool_profile p on p.identity_id = i.id
  order by i.subject`;
const COUNTS = `
  select (select count(*)::int from app_user) as users, (select count(*)::int from identity) as identities,
    (select count(*)::int from swept_membership) as staged`;

const mirrorIn = async (database: TestDatabase) => ({
  rows: await look<object>(database, MIRROR),
  counts: await look<object>(database, COUNTS),
});

/** A database of its own, and a way of its own to the pool. */
async function place(more: Readonly<Record<string, string>> = {}) {
  const database = await processes.prepared();
  const { proxy, environment } = await pool.way();
  return { database, proxy, environment: { ...(await on(database)), ...environment, ...more } };
}

/** Resolves when that many calls of an operation have come by. */
const passed = (proxy: PoolProxy, operation: string, calls: number) =>
  until(() => (proxy.count(operation) >= calls ? true : undefined), LONG);

/** Each walk is a process or two, which costs twice as much on the embedded database. */
function killed(): void {
  test('that was killed, at whichever point, goes on where it was, and comes to the same', async () => {
    const undisturbed = await place({ SYNC_QUOTA_PERCENT: '80' });
    const whole = processes.beginLifeguard(['sync'], undisturbed.environment);
    expect(await whole.ended).toMatchObject({ code: 0 });
    const expected = await mirrorIn(undisturbed.database);
    expect(expected.rows).toHaveLength(600);
    expect(expected.counts).toEqual([{ users: 600, identities: 600, staged: 0 }]);

    const points = [
      ['ListUsersInGroup', 2],
      ['ListUsers', 1],
      ['ListUsers', 4],
      ['ListUsers', 10],
    ] as const;
    const killedAt = async ([operation, calls]: readonly [string, number]) => {
      const { database, proxy, environment } = await place();
      const first = processes.beginLifeguard(['sync'], environment);
      await passed(proxy, operation, calls);
      expect(await first.end('SIGKILL')).toMatchObject({ code: null });
      const second = await processes.beginLifeguard(['sync'], environment).ended;
      expect(second).toMatchObject({ code: 0, stderr: '' });
      expect(await mirrorIn(database)).toEqual(expected);
      const repeated = (['ListUsersInGroup', 'ListUsers'] as const).map(
        (list) => proxy.count(list) - pool.walk[list],
      );
      return { at: `${operation} ${calls}`, repeated };
    };
    for (const { at, repeated } of await Promise.all(points.map(killedAt))) {
      const [members = 0, users = 0] = repeated;
      expect([at, members >= 0, users >= 0, members + users <= 1]).toEqual([at, true, true, true]);
    }
  });
}

/** For these it makes no difference what the database is. */
function onceForBoth(): void {
  test('walks through the pool, and tells how far it is a line at a time', async () => {
    const { database, proxy, environment } = await place();
    const { code, stdout, stderr } = await processes.beginLifeguard(['sync'], environment).ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout.trimEnd().split('\n');
    for (const line of lines) expect(line.startsWith(`${pool.host.poolId}: `)).toBe(true);
    expect(stdout).not.toContain('\u001b');
    const { rows } = await mirrorIn(database);
    expect(lines.at(-1)).toBe(`${pool.host.poolId}: done, ${rows.length} users, 0 vanished`);
    expect(lines.some((line) => /reads users, \d+ of about 600/.test(line))).toBe(true);
    for (const [operation, calls] of Object.entries(pool.walk))
      expect([operation, proxy.count(operation)]).toEqual([operation, calls]);
    expect(proxy.count('AdminGetUser')).toBe(0);
  });

  test('stops politely at Ctrl-C: the walk goes on at once the next time', async () => {
    const { database, proxy, environment } = await place();
    const first = processes.beginLifeguard(['sync'], environment);
    await passed(proxy, 'ListUsers', 3);
    const { code, stdout } = await first.end('SIGINT');
    expect(code).toBe(130);
    expect(stdout).toContain('Stopped. The walk goes on where it is, next time or by a server.');
    // Nobody has to wait for a claim to end.
    const claims = await look<object>(database, 'select claim from job');
    expect(claims).toEqual([{ claim: null }]);
    expect(await processes.beginLifeguard(['sync'], environment).ended).toMatchObject({ code: 0 });
    expect(proxy.count('ListUsers') - pool.walk.ListUsers).toBeLessThanOrEqual(1);
  });

  describe('fails with code 1, and says why:', () => {
    const sync = (environment: Readonly<Record<string, string>>, ...more: readonly string[]) =>
      processes.beginLifeguard(['sync', ...more], environment).ended;

    test('the pool is out of reach', async () => {
      const COGNITO_ENDPOINT = `http://127.0.0.1:${await freePort()}`;
      const { environment } = await place({ COGNITO_ENDPOINT });
      const { code, stderr } = await sync(environment);
      expect(code).toBe(1);
      expect(stderr).toContain(`The user pool ${pool.host.poolId} does not answer as it should (`);
      expect(stderr).toContain('ECONNREFUSED');
      expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    });

    test('there are no credentials', async () => {
      const { environment } = await place({ AWS_EC2_METADATA_DISABLED: 'true' });
      const { AWS_ACCESS_KEY_ID: _id, AWS_SECRET_ACCESS_KEY: _secret, ...without } = environment;
      const { code, stderr } = await sync({ ...without, HOME: '/nonexistent' });
      expect(code).toBe(1);
      expect(stderr).toContain('CredentialsProviderError');
      expect(stderr).toContain('cognito-idp:DescribeUserPool');
    });

    test('another pool is asked for', async () => {
      const { environment } = await place();
      const { code, stderr } = await sync(environment, '--pool', 'us-east-1_Nowhere00');
      expect(code).toBe(1);
      expect(stderr).toBe(
        `--pool names us-east-1_Nowhere00, which is not configured. Give one of: ${pool.host.poolId}.\n`,
      );
    });
  });
}

function embedded(): void {
  test('the embedded database of a running server is not touched: it is told who holds it', async () => {
    const { environment } = await place();
    const holder = await processes.start(environment);
    const { code, stderr } = await processes.beginLifeguard(['sync'], environment).ended;
    expect(code).toBe(1);
    expect(stderr).toContain(`is held by the process ${holder.pid}.`);
  });
}

function shared(): void {
  test('a running server walks where one is asked to, which only watches', async () => {
    const { environment, proxy } = await place({ SYNC_QUOTA_PERCENT: '80' });
    const server = await processes.start({ ...environment, LOG_LEVEL: 'info' });
    await server.says('the pool was walked through');
    const other = await pool.way();
    const walked = proxy.count('ListUsers');
    const watching = { ...environment, ...other.environment };
    const { code, stdout } = await processes.beginLifeguard(['sync'], watching).ended;
    expect({ code, stdout }).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('done, 600 users'),
    });
    expect(proxy.count('ListUsers') - walked).toBe(pool.walk.ListUsers);
    expect(other.proxy.count('ListUsers')).toBe(0);
  });

  test('of two servers one walks, and the other goes on when it dies', async () => {
    const { database, environment, proxy } = await place({ SYNC_QUOTA_PERCENT: '8' });
    const other = await pool.way();
    const servers = await Promise.all([
      processes.start(environment),
      processes.start({ ...environment, ...other.environment }),
    ]);
    const proxies = [proxy, other.proxy];
    const walker = await until(() => {
      const index = proxies.findIndex((way) => way.count('ListUsers') >= 2);
      return index < 0 ? undefined : index;
    }, LONG);
    const [dying, taking] = [servers[walker], proxies[1 - walker]];
    expect(taking?.count('ListUsersInGroup')).toBe(0);
    await dying?.end('SIGKILL');
    const read = proxies[walker]?.count('ListUsers') ?? 0;
    const done = 'select users from pool_sweep where completed_at is not null';
    const isDone = async () => ((await look(database, done)).length > 0 ? true : undefined);
    // The claim of the dead lasts, and then the rest of the walk.
    await until(() => ((taking?.count('ListUsers') ?? 0) > 0 ? true : undefined), LONG);
    await until(isDone, LONG);
    const together = read + (taking?.count('ListUsers') ?? 0);
    expect(together - pool.walk.ListUsers).toBeGreaterThanOrEqual(0);
    expect(together - pool.walk.ListUsers).toBeLessThanOrEqual(1);
    expect(await look(database, COUNTS)).toEqual([{ users: 600, identities: 600, staged: 0 }]);
  });
}

if (onPostgres) {
  describe('lifeguard sync', killed);
  describe('lifeguard sync, on whichever database,', onceForBoth);
  describe('servers of one PostgreSQL', shared);
} else describe('an embedded database', embedded);
