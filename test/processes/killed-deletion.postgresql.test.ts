import { AdminGetUserCommand } from '@aws-sdk/client-cognito-identity-provider';
import { afterEach, expect, jest, test } from '@jest/globals';
import { look, on, Processes, type RunningServer, until } from '../support/process.js';
import { poolClient } from './pool-client.js';

jest.setTimeout(240_000);

const processes = new Processes();
afterEach(() => processes.clear());

/** Milliseconds from the restart until all is done. */
const MINUTE = 60_000;
const ACTIONS = `query ($id: ID!) {
  auditLog(last: 10, filter: { targetId: $id, action: "deleteMyAccount" }) { nodes { outcome } }
}`;

test('killed between the moment that a deletion is due and its end', async () => {
  const database = await processes.prepared();
  const environment = { ...(await on(database)), ACCOUNT_DELETION_GRACE: '0' };
  const server = await processes.start(environment);
  const pool = await poolClient(server.poolEndpoint);
  const ada = await pool.signIn('ada@example.com');
  const uma = await pool.signIn('uma@example.com');
  const { id } = (await server.ask('{ me { id } }', uma)).data.me;
  const named = { UserPoolId: pool.poolId, Username: 'uma' };
  const atPool = () => pool.cognito.send(new AdminGetUserCommand(named));
  await fetch(`${server.poolEndpoint}/local-pool/faults`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ operations: [{ match: 'AdminDeleteUser', fault: 'hang' }] }),
  });
  const outcomes = async (of: RunningServer): Promise<string[]> =>
    (await of.ask(ACTIONS, ada, { id })).data.auditLog.nodes.map(
      ({ outcome }: { outcome: string }) => outcome,
    );
  const begun = async (of: RunningServer, events: number, patience?: number) =>
    until(async () => (await outcomes(of)).length >= events || undefined, patience);

  const DELETE = 'mutation { deleteMyAccount(input: {}) { deletionDueAt } }';
  expect((await server.ask(DELETE, uma)).errors).toBeUndefined();
  await begun(server, 1);
  expect((await atPool()).Enabled).toBe(true);
  await server.end('SIGKILL');

  const next = await processes.start(environment);
  await begun(next, 2, MINUTE);
  expect((await outcomes(next)).sort()).toEqual(['DONE', 'INTENT']);
  await expect(atPool()).rejects.toThrow('User does not exist.');
  expect((await next.ask('{ me { id } }', uma)).status).toBe(401);
  pool.close();
  await next.end();
  const left = await look<object>(
    database,
    `select from account_deletion union all
     select from session where user_id = '${id}' union all
     select from command where target_id = '${id}' and state <> 'DONE'`,
  );
  expect(left).toEqual([]);
});
