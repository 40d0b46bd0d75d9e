import { userInfo } from 'node:os';
import { AdminGetUserCommand } from '@aws-sdk/client-cognito-identity-provider';
import { afterEach, expect, jest, test } from '@jest/globals';
import { type Environment, look, on, Processes } from '../support/process.js';
import { poolClient } from './pool-client.js';

jest.setTimeout(120_000);

const processes = new Processes();
afterEach(() => processes.clear());

const user = (environment: Environment, ...args: readonly string[]) =>
  processes.lifeguard(['user', ...args, '--reason', 'nobody can sign in'], environment);

test('an operator acts on users without a server, by address, name or id, and the audit log tells who', async () => {
  const database = await processes.prepared();
  const environment = await on(database);
  expect((await processes.lifeguard(['sync'], environment)).code).toBe(0);
  const dry = await user(environment, 'disable', 'uma@example.com', '--dry-run');
  expect(dry).toMatchObject({ code: 0, stderr: '' });
  expect(dry.stdout).toContain('Nothing was done.');
  const disabled = await user(environment, 'disable', 'UMA@example.com');
  expect(disabled).toMatchObject({ code: 0, stderr: '' });
  const added = await user(environment, 'add-to-group', 'grace.chen', '--group', 'support');
  expect(added).toMatchObject({ code: 0, stderr: '' });
  const [{ id = '' } = {}] = await look<{ id: string }>(
    database,
    "select user_id as id from identity where username = 'liam.chen'",
  );
  const unasked = await user(environment, 'delete', id);
  expect(unasked.code).toBe(1);
  expect(unasked.stderr).toContain('--yes');
  expect(unasked.stderr).not.toMatch(/^\s+at /m);
  const deleted = await user(environment, 'delete', id, '--yes');
  expect(deleted).toMatchObject({ code: 0, stderr: '' });
  const unknown = await user(environment, 'dance', 'uma');
  expect(unknown.code).toBe(1);
  expect(unknown.stderr).toContain("unknown command 'dance'");

  const events = await look<object>(
    database,
    `select action, outcome, actor_kind, actor_id, operator, reason
       from audit_event left join audit_detail on audit_detail.event_id = audit_event.id
       where action in ('disableUser', 'addUserToGroup') order by audit_event.created_at, audit_event.id`,
  );
  const own = { actor_kind: 'OPERATOR', actor_id: null };
  const intent = { ...own, outcome: 'INTENT', operator: userInfo().username };
  expect(events).toMatchObject([
    { ...intent, action: 'disableUser', reason: 'nobody can sign in' },
    { ...own, action: 'disableUser', outcome: 'DONE' },
    { ...intent, action: 'addUserToGroup' },
    { ...own, action: 'addUserToGroup', outcome: 'DONE' },
  ]);

  await expectDisabled(environment);
});

/** A server finds at its pool what was done without one. */
async function expectDisabled(environment: Environment): Promise<void> {
  const server = await processes.start(environment);
  const pool = await poolClient(server.poolEndpoint);
  const uma = await pool.cognito.send(
    new AdminGetUserCommand({ UserPoolId: pool.poolId, Username: 'uma' }),
  );
  pool.close();
  expect(uma.Enabled).toBe(false);
}
