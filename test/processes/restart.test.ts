import { afterEach, expect, jest, test } from '@jest/globals';
import { onPostgres } from '../support/database.js';
import { look, on, Processes, type RunningServer, until } from '../support/process.js';
import { CREATE_GROUP, killAgainAndAgain } from './killed-writes.js';
import { poolClient } from './pool-client.js';

// Servers that start on nothing fill a whole pool first.
jest.setTimeout(120_000);

const processes = new Processes();
afterEach(() => processes.clear());

const ME = '{ me { id profile { name } account { email enabled } } }';
const PEOPLE = `query ($after: String) {
  users(first: 60, after: $after) {
    nodes { id profile { name picture } }
    pageInfo { hasNextPage endCursor }
  }
}`;
const DISABLE = `mutation ($id: ID!) {
  disableUser(input: { id: $id, reason: "left" }) { user { id account { enabled } } }
}`;
const ACCOUNT = 'query ($id: ID!) { user(id: $id) { account { enabled } } }';

async function signIn(server: RunningServer, ...usernames: readonly string[]) {
  const pool = await poolClient(server.poolEndpoint);
  const tokens = await Promise.all(usernames.map((username) => pool.signIn(username)));
  pool.close();
  return tokens;
}

test('a first start on nothing answers the signed-in with the people of the pool, and a second one knows ids, tokens and cursors of before', async () => {
  const environment = await on(await processes.empty());
  const first = await processes.start(environment);
  await first.says('the pool was walked through');
  const [ada] = await signIn(first, 'ada@example.com');
  const me = await first.ask(ME, ada);
  expect(me.data.me).toMatchObject({
    profile: { name: 'Ada Okafor' },
    account: { email: 'ada@example.com', enabled: true },
  });
  const page = await first.ask(PEOPLE, ada);
  const { nodes, pageInfo } = page.data.users;
  expect(nodes).toHaveLength(60);
  expect(pageInfo.hasNextPage).toBe(true);
  // Two seeded people signed up with nothing but an address.
  const profiles = nodes.map(({ profile }: { profile: object }) => profile);
  const shown = profiles.filter(({ name }: { name: unknown }) => name !== null);
  expect(shown.length).toBeGreaterThanOrEqual(58);
  for (const profile of shown)
    expect(profile).toEqual({
      name: expect.stringMatching(/^\S+ \S+$/),
      picture: expect.stringMatching(/^https:\/\/people\.example\.com\//),
    });
  const after = await first.ask(PEOPLE, ada, { after: pageInfo.endCursor });
  expect(await first.end()).toMatchObject({ code: 0, stderr: '' });

  const second = await processes.start(environment);
  expect((await second.ask(ME, ada)).data).toEqual(me.data);
  expect((await second.ask(PEOPLE, ada, { after: pageInfo.endCursor })).data).toEqual(after.data);
  expect(second.output()).not.toContain('the pool was walked through');
});

if (onPostgres) killedOnce();
else killedFiveTimes();

function killedOnce(): void {
  test('a server that starts after the last one was killed has every write that was acknowledged', async () => {
    const environment = await on(await processes.prepared());
    const killed = await processes.start(environment);
    const [ada, uma] = await signIn(killed, 'ada@example.com', 'uma@example.com');
    const { id } = (await killed.ask(ME, uma)).data.me;
    const disabled = await killed.ask(DISABLE, ada, { id });
    expect(disabled.data.disableUser.user).toEqual({ id, account: { enabled: false } });
    await killed.end('SIGKILL');

    const next = await processes.start(environment);
    expect((await next.ask(ACCOUNT, ada, { id })).data.user.account.enabled).toBe(false);
    const refused = await next.ask(ME, uma);
    expect(refused.status).toBe(401);
    await expect(signIn(next, 'uma@example.com')).rejects.toThrow('User is disabled.');
  });
}

function killedFiveTimes(): void {
  test('a server that is killed at any moment has every write that was acknowledged, five times; and a full disk ends nothing', async () => {
    const database = await processes.prepared();
    const environment = {
      ...(await on(database)),
      NODE_OPTIONS: `--import=${new URL('../support/full-disk.js', import.meta.url)}`,
    };
    const { server, token, ...before } = await killAgainAndAgain(processes, environment, 5);
    const acknowledged = new Set(before.acknowledged);
    expect(acknowledged.size).toBeGreaterThanOrEqual(5);

    const write = async (number: number) => {
      const name = `on-a-full-disk-${number}`;
      const answer = await server.ask(CREATE_GROUP, token, { name });
      if (answer.status === 200 && answer.errors === undefined) acknowledged.add(name);
      return answer;
    };
    server.signal('SIGWINCH');
    let number = 0;
    const refused = await until(async () => {
      number += 1;
      const answer = await write(number);
      // The local pool may be the first to meet it.
      return answer.errors?.[0].extensions.reason === 'database' ? answer : undefined;
    });
    expect([refused.status, refused.errors[0].extensions.code]).toEqual([503, 'UNAVAILABLE']);
    expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
    expect((await server.ask(ME, token)).status).toBe(200);
    await until(() => /No space left on device/i.test(server.output()) || undefined);
    server.signal('SIGWINCH');
    await until(async () => {
      number += 1;
      return (await write(number)).status === 200 || undefined;
    });
    expect(await server.end()).toMatchObject({ code: 0 });
    const kept = await look<{ name: string }>(
      database,
      `select name from local_pool.pool_group
       join audit_event on outcome = 'DONE' and target_group = pool_id || '/' || name`,
    );
    expect(kept.map(({ name }) => name)).toEqual(expect.arrayContaining([...acknowledged]));
  });
}
