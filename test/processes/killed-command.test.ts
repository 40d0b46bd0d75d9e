import { setTimeout as sleep } from 'node:timers/promises';
import { AdminGetUserCommand } from '@aws-sdk/client-cognito-identity-provider';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { MikroORM } from '@mikro-orm/postgresql';
import { onPostgres, type TestDatabase } from '../support/database.js';
import { type Environment, look, on, Processes, type RunningServer } from '../support/process.js';
import { type PoolClient, poolClient } from './pool-client.js';

jest.setTimeout(180_000);

const processes = new Processes();
afterEach(() => processes.clear());

const ME = '{ me { id } }';
const DISABLE = `mutation ($id: ID!) {
  disableUser(input: { id: $id, reason: "left", idempotencyKey: "the-only-one" }) { actionId }
}`;
const TRAIL = `query ($id: ID!) {
  auditLog(last: 10, filter: { targetId: $id }) { nodes { outcome } }
}`;

interface Scene {
  readonly database: TestDatabase;
  readonly environment: Environment;
  readonly server: RunningServer;
  readonly pool: PoolClient;
  readonly ada: string;
  readonly uma: string;
  readonly id: string;
}

async function scene(settings: Environment = {}): Promise<Scene> {
  const database = await processes.prepared();
  const environment = { ...(await on(database)), ...settings };
  const server = await processes.start(environment);
  const pool = await poolClient(server.poolEndpoint);
  const ada = await pool.signIn('ada@example.com');
  const uma = await pool.signIn('uma@example.com');
  await server.ask(ME, ada);
  const { id } = (await server.ask(ME, uma)).data.me;
  return { database, environment, server, pool, ada, uma, id };
}

const faults = ({ poolEndpoint }: RunningServer, operations: readonly object[]) =>
  fetch(`${poolEndpoint}/local-pool/faults`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ operations }),
  });

async function isEnabled({ pool }: Scene): Promise<boolean | undefined> {
  const named = { UserPoolId: pool.poolId, Username: 'uma' };
  return (await pool.cognito.send(new AdminGetUserCommand(named))).Enabled;
}

/** Kills the server, starts another, and waits until the trail has an outcome, for a minute at most. */
async function restarted(scene: Scene): Promise<RunningServer> {
  await scene.server.end('SIGKILL');
  const next = await processes.start(scene.environment);
  const end = Date.now() + 60_000;
  const outcomes = async () => (await next.ask(TRAIL, scene.ada, { id: scene.id })).data;
  while (Date.now() < end && (await outcomes()).auditLog.nodes.length < 2) await sleep(200);
  return next;
}

/** Pool, mirror, audit and revocation say the same, and the client's retry gets the one action's answer. */
async function expectDone(scene: Scene, next: RunningServer): Promise<void> {
  const { id, ada, uma } = scene;
  expect((await next.ask(TRAIL, ada, { id })).data.auditLog.nodes).toEqual(
    [{ outcome: 'INTENT' }, { outcome: 'DONE' }].reverse(),
  );
  expect(await isEnabled(scene)).toBe(false);
  const ACCOUNT = 'query ($id: ID!) { user(id: $id) { account { enabled } } }';
  expect((await next.ask(ACCOUNT, ada, { id })).data.user.account.enabled).toBe(false);
  expect((await next.ask(ME, uma)).status).toBe(401);
  const again = await next.ask(DISABLE, ada, { id });
  expect(again.errors).toBeUndefined();
  expect((await next.ask(TRAIL, ada, { id })).data.auditLog.nodes).toHaveLength(2);
  scene.pool.close();
  await next.end();
  const commands = await look<object>(
    scene.database,
    'select state, input from command where target_id is not null',
  );
  expect(commands).toEqual([{ state: 'DONE', input: null }]);
}

test('killed while the pool is asked, which has not done it', async () => {
  const played = await scene();
  await faults(played.server, [{ match: 'AdminDisableUser', fault: 'hang' }]);
  const asked = played.server.ask(DISABLE, played.ada, { id: played.id }).catch(() => undefined);
  const trail = () => played.server.ask(TRAIL, played.ada, { id: played.id });
  while ((await trail()).data.auditLog.nodes.length < 1) await sleep(50);
  expect(await isEnabled(played)).toBe(true);
  const next = await restarted(played);
  await asked;
  await expectDone(played, next);
});

test('killed between the moment that a deletion is due and its end', async () => {
  const played = await scene({ ACCOUNT_DELETION_GRACE: '0' });
  const { server, database, ada, id } = played;
  await faults(server, [{ match: 'AdminDeleteUser', fault: 'hang' }]);
  const asked = await server.ask(
    'mutation { deleteMyAccount(input: {}) { deletionDueAt } }',
    played.uma,
  );
  expect(asked.errors).toBeUndefined();
  const ACTIONS = `query ($id: ID!) {
    auditLog(last: 10, filter: { targetId: $id, action: "deleteMyAccount" }) { nodes { outcome } }
  }`;
  const outcomes = async (of: RunningServer) =>
    (await of.ask(ACTIONS, ada, { id })).data.auditLog.nodes.map(
      ({ outcome }: { outcome: string }) => outcome,
    );
  while ((await outcomes(server)).length < 1) await sleep(50);
  expect(await isEnabled(played)).toBe(true);
  await server.end('SIGKILL');
  const next = await processes.start(played.environment);
  const end = Date.now() + 60_000;
  while (Date.now() < end && (await outcomes(next)).length < 2) await sleep(200);
  expect((await outcomes(next)).sort()).toEqual(['DONE', 'INTENT']);
  await expect(isEnabled(played)).rejects.toThrow('User does not exist.');
  expect((await next.ask(ME, played.uma)).status).toBe(401);
  played.pool.close();
  await next.end();
  const left = await look<object>(
    database,
    `select from account_deletion union all
     select from session where user_id = '${id}' union all
     select from command where target_id = '${id}' and state <> 'DONE'`,
  );
  expect(left).toEqual([]);
});

if (onPostgres) onAServer();
else
  describe('killed in a transaction', () => {
    test('is shown on PostgreSQL, whose rows another process can hold', () => {
      expect(onPostgres).toBe(false);
    });
  });

function onAServer(): void {
  /** Holds rows or tables until it is told to let go. */
  async function holding(database: TestDatabase, statement: string, parameters: unknown[] = []) {
    if (!('url' in database.location)) throw new Error('Only a server has rows to be held.');
    const orm = await MikroORM.init({
      clientUrl: database.location.url,
      entities: [],
      discovery: { warnWhenNoEntities: false },
    });
    const em = orm.em.fork();
    await em.begin();
    await em.execute(statement, parameters);
    return async () => {
      await em.rollback();
      await orm.close(true);
    };
  }

  /** How many of the server's connections wait for a lock. */
  async function waiting(database: TestDatabase): Promise<number> {
    const [row] = await look<{ count: number }>(
      database,
      "select count(*)::int from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
    );
    return row?.count ?? 0;
  }

  async function untilWaiting({ database }: Scene): Promise<void> {
    while ((await waiting(database)) === 0) await sleep(50);
  }

  test('killed before the intent is kept: nothing was done, and nothing is', async () => {
    const played = await scene();
    const { server, database, ada, id } = played;
    const letGo = await holding(database, 'lock table audit_event in exclusive mode');
    const asked = server.ask(DISABLE, ada, { id }).catch(() => undefined);
    await untilWaiting(played);
    await server.end('SIGKILL');
    await asked;
    await letGo();
    const next = await processes.start(played.environment);
    expect((await next.ask(TRAIL, ada, { id })).data.auditLog.nodes).toEqual([]);
    expect(await isEnabled(played)).toBe(true);
    const again = await next.ask(DISABLE, ada, { id });
    expect(again.errors).toBeUndefined();
    await expectDone(played, next);
  });

  test('killed when the pool has done it and the database does not know', async () => {
    const played = await scene();
    const { server, database, ada, id } = played;
    await faults(server, [{ match: 'AdminDisableUser', fault: 'latency', milliseconds: 2_000 }]);
    const asked = server.ask(DISABLE, ada, { id }).catch(() => undefined);
    const trail = () =>
      look<object>(database, `select id from audit_event where target_id = '${id}'`);
    while ((await trail()).length < 1) await sleep(50);
    const letGo = await holding(database, 'select id from app_user where id = ? for update', [id]);
    // Others may wait for the row as well, such as who notes a sign-in.
    while (await isEnabled(played)) await sleep(50);
    await untilWaiting(played);
    const states = await look<object>(database, 'select state from command');
    expect(states).toEqual([{ state: 'INTENDED' }]);
    await server.end('SIGKILL');
    await asked;
    await letGo();
    await expectDone(played, await restarted(played));
  });

  test('killed when the outcome is about to be kept', async () => {
    const played = await scene();
    const { server, database, ada, id } = played;
    await faults(server, [{ match: 'AdminDisableUser', fault: 'latency', milliseconds: 2_000 }]);
    const asked = server.ask(DISABLE, ada, { id }).catch(() => undefined);
    const trail = () =>
      look<object>(database, `select id from audit_event where target_id = '${id}'`);
    while ((await trail()).length < 1) await sleep(50);
    const letGo = await holding(
      database,
      `select pool_profile.id from pool_profile join identity on identity.id = identity_id
       where user_id = ? for update of pool_profile`,
      [id],
    );
    const state = () => look<{ state: string }>(database, 'select state from command');
    while ((await state())[0]?.state !== 'AT_POOL') await sleep(50);
    // The tokens have ended by then.
    expect((await server.ask(ME, played.uma)).status).toBe(401);
    await server.end('SIGKILL');
    await asked;
    await letGo();
    await expectDone(played, await restarted(played));
  });
}
