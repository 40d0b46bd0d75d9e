import { setTimeout as sleep } from 'node:timers/promises';
import {
  AdminRemoveUserFromGroupCommand,
  AdminUpdateUserAttributesCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { Entity, Property } from '@mikro-orm/decorators/legacy';
import { Owner } from '../../src/auth/authorized.js';
import { BaseEntity } from '../../src/database/base-entity.js';
import { Identity, sightingsOf } from '../../src/directory/index.js';
import { holdingsOf, readCatalogue } from '../../src/features/my-data/index.js';
import { features } from '../../src/features.js';
import type { Client } from '../support/api.js';
import { poolToken } from '../support/pool-token.js';
import { type Office, startOffice } from './back-office/office.js';

jest.setTimeout(60_000);

const DAY = 86_400_000;

/** Of the trail, the account at the pool, the catalogue, and the transaction of the rows. */
const FIXED_STATEMENTS = 7 + 3 + 1 + 3;
const DELETE = `mutation ($input: DeleteMyAccountInput!) {
  deleteMyAccount(input: $input) { deletionDueAt accounts alongside { table rows fate } }
}`;
const CANCEL = 'mutation { cancelAccountDeletion { user { id deletionDueAt } } }';
const DUE = '{ me { id deletionDueAt } }';

const EXPORT = `mutation ($input: ExportMyDataInput) { exportMyData(input: $input) { data next } }`;

/** An entity of a team that no foreign key ties to its owner. */
@Entity({ tableName: 'diary' })
class Diary extends BaseEntity {
  @Owner()
  @Property({ type: 'uuid' })
  writerId!: string;

  @Property({ type: 'text' })
  text!: string;

  @Property({ type: 'text', hidden: true })
  lockCode!: string;

  @Property({ type: 'bigint' })
  words!: string;
}

let office: Office;
beforeAll(async () => {
  office = await startOffice({
    features: [...features, { resolvers: [], entities: [Diary] }],
  });
});
afterAll(() => office.api.close());

/** Tables that come after the server was built: with a foreign key to a user, and with none of their own. */
async function addTables(): Promise<void> {
  await sql(
    'create table diary_page (diary_id uuid references diary (id), page int, primary key (page, diary_id))',
  );
  await sql('create table note (id int primary key, author_id uuid references app_user (id))');
}

const holdings = async () => {
  const em = office.api.server.app.orm.em.fork();
  return holdingsOf(await readCatalogue(em), [...em.getMetadata().getAll().values()]);
};

const sql = <Row extends object>(statement: string, parameters: unknown[] = []) =>
  office.api.server.app.orm.em.fork().execute<Row[]>(statement, parameters);

const person = async (name: string) => {
  const client = await office.api.as(`${name}@example.com`);
  const { data } = await client.execute('{ me { id } }');
  return { client, id: String(data.me.id) };
};
const ask = (client: Client, input: object = {}) => client.execute(DELETE, { input });

/** A diary with so many pages. */
async function addPages(writer: string, pages: number): Promise<void> {
  const [diary] = await sql<{ id: string }>(
    `insert into diary values (gen_random_uuid(), now(), now(), ?, '', '', 1) returning id`,
    [writer],
  );
  await sql('insert into diary_page select ?, page from generate_series(1, ?) as page', [
    diary?.id,
    pages,
  ]);
}

/** As if the time of grace were over, and waits until that was looked at. */
async function comeDue(id: string): Promise<void> {
  await sql('update account_deletion set due_at = now(), try_at = now() where user_id = ?', [id]);
  await office.api.server.app.jobs.add([{ kind: 'delete-accounts', key: '' }]);
  const waits = () =>
    sql('select from account_deletion where user_id = ? and try_at <= now()', [id]);
  while ((await waits()).length > 0) await sleep(50);
}

/** What was seen just before the end is noted behind the answer, maybe after it. */
async function seenLate(id: string): Promise<void> {
  const { app } = office.api.server;
  const identity = await app.orm.em.fork().findOneOrFail(Identity, { user: id });
  const { poolId, subject } = identity;
  const token = { poolId, subject, originJti: 'late', clientId: 'client', kind: 'person' } as const;
  const issued = { issuedAt: 0, authTime: 0, expiresAt: 0 };
  sightingsOf(app).note({
    token: { ...token, ...issued, username: undefined, groups: [], scopes: [] },
    signIn: { identityId: identity.id },
    from: { ip: '192.0.2.1', userAgent: 'agent' },
    seenAt: Date.now(),
  });
  await sightingsOf(app).flush();
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

describe('exportMyData', () => {
  test('every table is in it, or on the list of those that hold nothing on a person', async () => {
    expect((await holdings()).unknown).toEqual([]);
    await sql('create table country (id int primary key)');
    expect((await holdings()).unknown).toEqual(['country']);
    await sql('drop table country');
    await addTables();
    const { held, unknown } = await holdings();
    expect(unknown).toEqual([]);
    expect(held.map(({ name }) => name)).toEqual([
      'account_deletion',
      'app_user',
      'audit_detail',
      'audit_event',
      'command',
      'diary',
      'diary_page',
      'identity',
      'job',
      'note',
      'pool_profile',
      'session',
      'swept_membership',
      'viewer_change',
    ]);
  });

  test('has what is held on the viewer, as the pool has it now, and nothing of anybody else', async () => {
    const { client, id } = await person('priya.gupta');
    const ada = await office.idOf('ada');
    const other = await office.idOf('rosa.gupta');
    await office.act('addUserToGroup', { id, group: 'support', reason: 'helps out' });
    await office.act('enableUser', { id: other, reason: 'not on priya' });
    const named = { UserPoolId: office.api.poolId, Username: 'priya.gupta' };
    const nickname = [{ Name: 'nickname', Value: 'Pri' }];
    await office.api.cognito.send(
      new AdminUpdateUserAttributesCommand({ ...named, UserAttributes: nickname }),
    );
    const [mine, theirs] = ['11111111', '22222222'].map(
      (part) => `${part}-0000-7000-8000-000000000000`,
    );
    await sql(
      `insert into diary values (?, now(), now(), ?, 'dear diary', 'sesame', 9007199254740993),
                                (?, now(), now(), ?, 'of rosa', 'sesame', 1)`,
      [mine, id, theirs, other],
    );
    await sql('insert into diary_page values (?, 1), (?, 2), (?, 3)', [mine, mine, theirs]);
    await sql('insert into note values (7, ?), (8, ?)', [id, other]);

    const { data, errors, extensions } = await client.execute(EXPORT);
    expect(errors).toBeUndefined();
    expect(extensions?.warnings).toBeUndefined();
    expect(data.exportMyData.next).toBeNull();
    const exported = data.exportMyData.data;
    expect(exported).toMatchObject({
      formatVersion: 1,
      exportedAt: expect.any(String),
      part: 1,
      userId: id,
      accounts: [{ poolId: office.api.poolId, readNow: true }],
    });
    const { tables } = exported;
    expect(Object.keys(tables)).toEqual(Object.keys(tables).sort());
    expect(tables.app_user).toMatchObject([{ id }]);
    expect(tables.identity).toMatchObject([{ user_id: id, username: 'priya.gupta' }]);
    expect(tables.pool_profile).toMatchObject([
      { attributes: { nickname: 'Pri', email: 'priya.gupta@example.com' }, groups: ['support'] },
    ]);
    expect(tables.session).toMatchObject([{ user_id: id, client_id: office.api.clientId }]);
    expect(tables.diary).toMatchObject([{ text: 'dear diary', words: '9007199254740993' }]);
    expect(tables.diary_page).toEqual([1, 2].map((page) => ({ diary_id: mine, page })));
    expect(tables.note).toEqual([{ id: 7, author_id: id }]);
    expect(tables.audit_event).toMatchObject([
      { action: 'addUserToGroup', outcome: 'INTENT', actor: 'STAFF', target: 'SELF' },
      { action: 'addUserToGroup', outcome: 'DONE', actor: 'STAFF', target: 'SELF' },
      { action: 'exportMyData', outcome: 'INTENT', actor: 'SELF', target: 'SELF' },
    ]);
    expect(
      tables.audit_detail.map(({ reason, network }: Record<string, string>) => [reason, network]),
    ).toEqual([
      ['helps out', null],
      ['', '127.0.0.0/24'],
    ]);
    expect(tables.command).toMatchObject([{ action: 'addUserToGroup', actor: 'STAFF' }]);
    const text = JSON.stringify(exported);
    for (const foreign of [ada, other, 'ada', 'of rosa', 'not on priya', 'sesame', 'lock_code'])
      expect(text).not.toContain(`"${foreign}"`);
    expect(await office.trailOf(id)).toEqual(expect.arrayContaining(['exportMyData DONE']));
    await sql('delete from note');

    // Whoever acted sees that they did, and not on whom, nor what it was about.
    const staff = await office.ada.execute(EXPORT);
    const acts = staff.data.exportMyData.data.tables;
    expect(acts.audit_event[0]).toMatchObject({ actor: 'SELF', target: 'OTHER' });
    expect(Object.keys(acts.audit_detail[0]).sort()).toEqual([
      'created_at',
      'event_id',
      'id',
      'network',
      'updated_at',
    ]);
    expect(JSON.stringify(acts)).not.toContain(id);
  });

  test('costs a statement a table, however many rows there are', async () => {
    const { client, id } = await person('stefan.gupta');
    await addPages(id, 3);
    const { sql: statements } = await office.api.count(() => client.execute(EXPORT));
    const { held } = await holdings();
    // The local pool, and the row of moments at which it may be asked, are not the export's.
    const own = statements.filter((statement) => !/local_pool|call_slot/.test(statement));
    const reads = own.filter((statement) => statement.includes('as limited'));
    expect(reads).toHaveLength(held.length);
    expect(own.length - reads.length).toBe(FIXED_STATEMENTS);
  });

  test('comes in parts, each row once, to whom it is of alone', async () => {
    const { client, id } = await person('elif.gupta');
    await addPages(id, 10_050);
    const parts = [(await client.execute(EXPORT)).data.exportMyData];
    for (let after = parts[0].next; after !== null; after = parts.at(-1).next)
      parts.push((await client.execute(EXPORT, { input: { after } })).data.exportMyData);
    expect(parts.map(({ data }) => data.part)).toEqual([1, 2, 3]);
    const pages = parts.flatMap(({ data }) => data.tables.diary_page ?? []);
    expect(pages.map(({ page }) => page)).toEqual(
      Array.from({ length: 10_050 }, (_one, at) => at + 1),
    );
    expect(parts.flatMap(({ data }) => data.tables.pool_profile ?? [])).toHaveLength(1);
    expect(
      (await office.trailOf(id)).filter((step) => step === 'exportMyData INTENT'),
    ).toHaveLength(1);

    const { client: stranger } = await person('farid.gupta');
    for (const [who, after] of [
      [stranger, parts[0].next],
      [client, 'made up'],
    ]) {
      const answer = await who.execute(EXPORT, { input: { after } });
      expect(answer.errors).toMatchObject([
        { extensions: { code: 'BAD_USER_INPUT', reason: 'after' } },
      ]);
    }
  });

  test('of an account whose pool is down has what was known, and says so', async () => {
    const { client } = await person('grace.gupta');
    await faults([{ match: 'AdminGetUser', fault: 'throttling' }]);
    const { data, extensions } = await client.execute(EXPORT);
    await faults([]);
    expect(data.exportMyData.data.accounts).toMatchObject([{ readNow: false }]);
    expect(data.exportMyData.data.tables.pool_profile).toMatchObject([
      { attributes: { email: 'grace.gupta@example.com' }, attributes_read_at: expect.any(String) },
    ]);
    expect(extensions?.warnings).toMatchObject([{ code: 'PROFILES_STALE' }]);
  });

  test('is made five times a day, for people alone', async () => {
    const { client } = await person('hiroshi.gupta');
    const answers = await Promise.all(Array.from({ length: 6 }, () => client.execute(EXPORT)));
    const refused = answers.flatMap(({ errors = [] }) => errors);
    expect(refused).toMatchObject([
      { extensions: { code: 'RATE_LIMITED', reason: 'export_limit', hint: expect.any(String) } },
    ]);
    const machine = await office.api.asClient({ scopes: [] });
    expect((await machine.execute(EXPORT)).status).toBe(403);
    expect((await office.api.anonymous.execute(EXPORT)).status).toBe(401);
  });
});

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
    const machine = await office.api.asClient({ scopes: [] });
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

  test('who asks for it again and again', async () => {
    const { client } = await person('keiko.gupta');
    for (let time = 0; time < 10; time++) {
      expect((await ask(client)).errors).toBeUndefined();
      expect((await client.execute(CANCEL)).errors).toBeUndefined();
    }
    const answer = await ask(client);
    expect(answer.errors).toMatchObject([
      { extensions: { code: 'RATE_LIMITED', reason: 'deletion_limit', hint: expect.any(String) } },
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
    await seenLate(id);
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
