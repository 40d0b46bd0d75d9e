import { setTimeout as sleep } from 'node:timers/promises';
import { AdminRemoveUserFromGroupCommand } from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { Identity } from '../../src/directory/index.js';
import type { Client } from '../support/api.js';
import { machineToken, poolToken } from '../support/pool-token.js';
import { type Office, startOffice } from './back-office/office.js';

jest.setTimeout(60_000);

const DAY = 86_400_000;
const DELETE = `mutation ($input: DeleteMyAccountInput!) {
  deleteMyAccount(input: $input) { deletionDueAt accounts alongside { table rows fate } }
}`;
const CANCEL = 'mutation { cancelAccountDeletion { user { id deletionDueAt } } }';
const DUE = '{ me { id deletionDueAt } }';

let office: Office;
beforeAll(async () => {
  office = await startOffice();
  await sql('create table note (id int primary key, author_id uuid references app_user (id))');
});
afterAll(() => office.api.close());

const sql = <Row extends object>(statement: string, parameters: unknown[] = []) =>
  office.api.server.app.orm.em.fork().execute<Row[]>(statement, parameters);

const person = async (name: string) => {
  const client = await office.api.as(`${name}@example.com`);
  const { data } = await client.execute('{ me { id } }');
  return { client, id: String(data.me.id) };
};
const ask = (client: Client, input: object = {}) => client.execute(DELETE, { input });

/** As if the time of grace were over, and waits until that was looked at. */
async function comeDue(id: string): Promise<void> {
  await sql('update account_deletion set due_at = now(), try_at = now() where user_id = ?', [id]);
  await office.api.server.app.jobs.add([{ kind: 'delete-accounts', key: '' }]);
  const waits = () =>
    sql('select from account_deletion where user_id = ? and try_at <= now()', [id]);
  while ((await waits()).length > 0) await sleep(50);
}

const pending = (id: string) =>
  sql<{ attempts: number; days: number }>(
    `select attempts, round(extract(epoch from try_at - now()) / 86400)::int as days
     from account_deletion where user_id = ?`,
    [id],
  );

const trailWithCodes = async (id: string) =>
  (
    await sql<Record<string, unknown>>(
      'select action, outcome, code, actor_kind, actor_id from audit_event where target_id = ? order by id',
      [id],
    )
  ).map(({ action, outcome, code, actor_kind: kind, actor_id: actor }) =>
    [action, outcome, code, kind, actor === id ? 'self' : 'other'].join(' '),
  );

describe('until it is due', () => {
  test('the person is told when, is told the same again, goes on as before, and takes it back', async () => {
    const { client, id } = await person('uma');
    const dry = await ask(client, { dryRun: true });
    expect(dry.errors).toBeUndefined();
    expect(dry.data.deleteMyAccount).toMatchObject({ accounts: 1, alongside: expect.any(Array) });
    expect((await client.execute(DUE)).data.me.deletionDueAt).toBeNull();

    const answers = await Promise.all([ask(client, { reason: 'I leave' }), ask(client)]);
    const [first, second] = answers.map(({ data }) => data.deleteMyAccount.deletionDueAt);
    expect(second).toBe(first);
    expect(Math.abs(Date.parse(first) - Date.now() - 14 * DAY)).toBeLessThan(60_000);
    expect((await client.execute(DUE)).data.me.deletionDueAt).toBe(first);
    const again = await ask(client, { reason: 'I said so' });
    expect(again.data.deleteMyAccount.deletionDueAt).toBe(first);

    // Another sign-in takes nothing back, and sees it.
    const elsewhere = await office.api.as('uma@example.com');
    expect((await elsewhere.execute(DUE)).data.me.deletionDueAt).toBe(first);
    const staff = 'query ($id: ID!) { user(id: $id) { deletionDueAt } }';
    expect((await office.ada.execute(staff, { id })).data.user.deletionDueAt).toBe(first);

    const kept = await elsewhere.execute(CANCEL);
    expect(kept.data.cancelAccountDeletion.user).toEqual({ id, deletionDueAt: null });
    expect((await elsewhere.execute(CANCEL)).errors).toBeUndefined();
    expect(await trailWithCodes(id)).toEqual([
      'scheduleAccountDeletion INTENT  PERSON self',
      'scheduleAccountDeletion DONE  PERSON self',
      'cancelAccountDeletion INTENT  PERSON self',
      'cancelAccountDeletion DONE  PERSON self',
    ]);
    await comeDue(id);
    expect((await office.atPool('uma')).enabled).toBe(true);
  });

  test('an administrator takes it back, with a reason; nobody else does', async () => {
    const { client, id } = await person('liam.chen');
    await ask(client);
    const fields = 'user { id deletionDueAt }';
    const refused = await office.act('cancelUserDeletion', { id }, fields, client);
    expect(refused.errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
    const { data, errors } = await office.act('cancelUserDeletion', { id }, fields);
    expect(errors).toBeUndefined();
    expect(data.cancelUserDeletion.user).toEqual({ id, deletionDueAt: null });
    expect((await trailWithCodes(id)).at(-1)).toBe('cancelUserDeletion DONE  PERSON other');
    const nobody = { id: '0192f0c1-0000-7000-8000-000000000000' };
    const unknown = await office.act('cancelUserDeletion', nobody, fields);
    expect(unknown.errors).toMatchObject([{ extensions: { code: 'NOT_FOUND', reason: 'user' } }]);
  });
});

describe('is refused', () => {
  test('a sign-in that is not recent, although its token is', async () => {
    const { id } = await person('grace.chen');
    const em = office.api.server.app.orm.em.fork();
    const { subject, username } = await em.findOneOrFail(Identity, { user: id });
    const hourAgo = Math.floor(Date.now() / 1000) - 3600;
    const token = await poolToken(office.api, { sub: subject, username, auth_time: hourAgo });
    const refreshed = office.api.withToken(token);
    const answer = await ask(refreshed);
    expect(answer.status).toBe(403);
    expect(answer.errors).toMatchObject([
      { extensions: { code: 'FORBIDDEN', reason: 'recent_sign_in', hint: expect.any(String) } },
    ]);
    expect((await ask(refreshed, { dryRun: true })).errors).toBeUndefined();
    expect(await office.trailOf(id)).toEqual(['deleteMyAccount REFUSED']);
    expect((await refreshed.execute(CANCEL)).errors).toBeUndefined();
  });

  test('a machine client, a stranger, and a reason that is too long', async () => {
    const machine = office.api.withToken(await machineToken(office.api, []));
    expect((await ask(machine)).status).toBe(403);
    expect((await ask(office.api.anonymous)).status).toBe(401);
    const { client } = await person('grace.chen');
    const wordy = await ask(client, { reason: 'x'.repeat(501) });
    expect(wordy.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });

  test('the last administrator, when it is asked for', async () => {
    const answer = await ask(office.ada);
    expect(answer.errors).toMatchObject([
      { extensions: { code: 'CONFLICT', reason: 'last_admin' } },
    ]);
  });

  test('whoever has rows that are to stay, when it is asked for', async () => {
    const { client, id } = await person('grace.chen');
    await sql('insert into note values (1, ?)', [id]);
    const answer = await ask(client);
    expect(answer.errors).toMatchObject([
      { message: expect.stringContaining('note'), extensions: { reason: 'rows_in_the_way' } },
    ]);
    await sql('delete from note');
  });
});

describe('when it is due', () => {
  test('pool and rows go, the tombstone stays, and no token brings anybody back', async () => {
    const { client, id } = await person('oscar.chen');
    await office.act('updateUserAttributes', {
      id,
      attributes: [{ name: 'nickname', value: 'Omi' }],
    });
    await ask(client, { reason: 'I leave' });
    await comeDue(id);
    expect(await pending(id)).toEqual([]);
    await expect(office.atPool('oscar.chen')).rejects.toThrow('User does not exist.');
    expect(await trailWithCodes(id)).toEqual([
      'updateUserAttributes INTENT  PERSON other',
      'updateUserAttributes DONE  PERSON other',
      'scheduleAccountDeletion INTENT  PERSON self',
      'scheduleAccountDeletion DONE  PERSON self',
      'deleteMyAccount INTENT  PERSON self',
      'deleteMyAccount DONE  PERSON self',
    ]);
    expect(await office.mirrorOf(id)).toBeNull();
    for (const personal of [
      'select from session where user_id = ?',
      'select from audit_detail join audit_event on audit_event.id = event_id where target_id = ?',
      'select from command where target_id = ? and (input is not null or result is not null)',
    ])
      expect(await sql(personal, [id])).toEqual([]);
    const [stone] = await sql(
      'select username = subject as nameless from identity where user_id = ?',
      [id],
    );
    expect(stone).toEqual({ nameless: true });
    expect((await client.execute('{ me { id } }')).status).toBe(401);
    expect(
      await sql('select from identity where user_id = ? and deleted_at is null', [id]),
    ).toEqual([]);
  });

  test('the last administrator is not deleted, and it is put off', async () => {
    await office.makeAdmin('grace.chen');
    await office.ada.execute('{ me { id } }');
    const grace = await office.api.as('grace.chen@example.com');
    await grace.execute('{ me { id } }');
    await grace.execute('mutation { refreshMyProfile { user { id } } }');
    const ada = await office.idOf('ada');
    expect((await ask(office.ada)).errors).toBeUndefined();
    await office.api.cognito.send(
      new AdminRemoveUserFromGroupCommand({
        UserPoolId: office.api.poolId,
        Username: 'grace.chen',
        GroupName: 'admin',
      }),
    );
    await comeDue(ada);
    expect(await pending(ada)).toEqual([{ attempts: 1, days: 1 }]);
    expect((await trailWithCodes(ada)).at(-1)).toBe(
      'deleteMyAccount REFUSED last_admin PERSON self',
    );
    expect((await office.ada.execute(CANCEL)).errors).toBeUndefined();
  });

  test('rows that came meanwhile put it off; it is done when they are gone', async () => {
    const { client, id } = await person('sam');
    await ask(client);
    await sql('insert into note values (2, ?)', [id]);
    await comeDue(id);
    expect(await pending(id)).toEqual([{ attempts: 1, days: 1 }]);
    expect((await trailWithCodes(id)).at(-1)).toBe(
      'deleteMyAccount REFUSED rows_in_the_way PERSON self',
    );
    await sql('delete from note');
    await comeDue(id);
    expect((await office.trailOf(id)).at(-1)).toBe('deleteMyAccount DONE');
  });

  test('a pool that is down puts it off for a minute, and it is done after that', async () => {
    const { client, id } = await person('nadia.chen');
    await ask(client);
    await faults([{ match: 'AdminDeleteUser', fault: 'throttling' }]);
    await comeDue(id);
    expect((await pending(id))[0]?.days).toBe(0);
    await faults([]);
    while ((await office.trailOf(id)).at(-1) !== 'deleteMyAccount DONE') {
      await comeDue(id);
      await sleep(500);
    }
    expect(await pending(id)).toEqual([]);
  });
});

test('an administrator deletes whoever waits for it, and the wish goes with them', async () => {
  const { client, id } = await person('mei.chen');
  await ask(client);
  const { errors } = await office.act('deleteUser', { id }, 'deletedId');
  expect(errors).toBeUndefined();
  expect(await pending(id)).toEqual([]);
  await comeDue(id);
  expect((await office.trailOf(id)).at(-1)).toBe('deleteUser DONE');
});

const faults = (operations: readonly object[]) =>
  fetch(`${office.api.localPool.endpoint}/local-pool/faults`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ operations }),
  });
