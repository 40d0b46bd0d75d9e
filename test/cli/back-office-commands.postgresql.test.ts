import { Readable, Writable } from 'node:stream';
import {
  AdminGetUserCommand,
  AdminListGroupsForUserCommand,
  InitiateAuthCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { Command } from 'commander';
import { createServer } from '../../src/app.js';
import { addGroupCommands, addUserCommands } from '../../src/cli/back-office-commands.js';
import { readConfig } from '../../src/config.js';
import { createLog } from '../../src/log/index.js';
import { poolClient } from '../processes/pool-client.js';
import { type TestDatabase, testDatabaseOnDisk } from '../support/database.js';
import { type Environment, look, on } from '../support/process.js';

jest.setTimeout(120_000);

let database: TestDatabase;
let environment: Environment;

beforeAll(async () => {
  database = await testDatabaseOnDisk();
  environment = await on(database);
  await onServer(({ swept }) => swept());
});

/** A server meanwhile, whose local pool can be asked. */
async function onServer<Value>(
  act: (server: Awaited<ReturnType<typeof createServer>>) => Promise<Value>,
): Promise<Value> {
  const log = createLog({ level: 'silent' });
  const server = await createServer({ config: readConfig({ PORT: '0', ...environment }), log });
  try {
    return await act(server);
  } finally {
    await server.close();
  }
}

const atPool = <Value>(ask: (pool: Awaited<ReturnType<typeof poolClient>>) => Promise<Value>) =>
  onServer(async ({ localPool }) => {
    const pool = await poolClient(localPool?.endpoint ?? '');
    try {
      return await ask(pool);
    } finally {
      pool.close();
    }
  });

/** What `lifeguard` writes; rejects with what it would end with. @param input what is piped into it */
async function lifeguard(args: readonly string[], input = ''): Promise<string> {
  const written: string[] = [];
  const stdout = new Writable({
    write: (chunk, _encoding, done) => {
      written.push(String(chunk));
      done();
    },
  });
  const program = new Command('lifeguard').exitOverride();
  program.configureOutput({ writeErr: () => undefined });
  const parts = { environment, terminal: { stdin: Readable.from([input]), stdout } };
  addUserCommands(program, parts);
  addGroupCommands(program, parts);
  try {
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (error instanceof Error && written.length > 0) error.message += `\n${written.join('')}`;
    throw error;
  }
  return written.join('');
}

const WHY = ['--reason', 'nobody can sign in'];
const user = (...args: readonly string[]) => lifeguard(['user', ...args, ...WHY]);
const group = (...args: readonly string[]) => lifeguard(['group', ...args, ...WHY]);

const eventsOf = (username: string) =>
  look<{ action: string; outcome: string }>(
    database,
    `select action, outcome from audit_event join identity on user_id = target_id
     where username = '${username}' order by audit_event.created_at, audit_event.id`,
  );

const profileOf = async (username: string) => {
  const [profile] = await look<{ attributes: object; enabled: boolean; status: string }>(
    database,
    `select attributes, enabled, status from pool_profile join identity on identity.id = identity_id
     where username = '${username}'`,
  );
  return profile;
};

afterAll(() => database.drop());

describe('lifeguard user', () => {
  test('changes attributes', async () => {
    await user('update-attributes', 'uma', '--set', 'nickname=a=b', '--remove', 'family_name');
    const profile = await profileOf('uma');
    expect(profile?.attributes).toMatchObject({ nickname: 'a=b', given_name: 'Uma' });
    expect(profile?.attributes).not.toHaveProperty('family_name');
    expect(await eventsOf('uma')).toMatchObject([{ outcome: 'INTENT' }, { outcome: 'DONE' }]);
  });

  test('makes a temporary password up and tells it once, or reads it, and never from the arguments', async () => {
    const told = await user('set-temporary-password', 'rosa.chen');
    const [, password = ''] = /^The temporary password: (\S+)$/m.exec(told) ?? [];
    expect(password.length).toBeGreaterThan(20);
    const args = ['user', 'set-temporary-password', 'mei.chen', '--password-stdin', ...WHY];
    expect(await lifeguard(args, 'From-Outside-42!\n')).not.toContain('From-Outside-42!');
    await atPool(async ({ cognito, clientId }) => {
      for (const [USERNAME, PASSWORD] of [
        ['rosa.chen', password],
        ['mei.chen', 'From-Outside-42!'],
      ] as const) {
        const begin = new InitiateAuthCommand({
          ClientId: clientId,
          AuthFlow: 'USER_PASSWORD_AUTH',
          AuthParameters: { USERNAME, PASSWORD },
        });
        expect((await cognito.send(begin)).ChallengeName).toBe('NEW_PASSWORD_REQUIRED');
      }
    });
    for (const table of ['command', 'audit_event', 'audit_detail', 'job'])
      expect(JSON.stringify(await look(database, `select * from ${table}`))).not.toContain(
        password,
      );
  });

  test('says which account it has left alone, at a pool that is not configured', async () => {
    await look(
      database,
      `insert into identity (id, user_id, pool_id, subject, username, created_at, updated_at)
       select '00000000-0000-7000-8000-000000000001', user_id, 'eu-west-1_Retired00', 'chiara', 'chiara', now(), now()
       from identity where username = 'chiara.chen'`,
    );
    expect(await user('disable', 'chiara.chen')).toMatch(
      /^Done: disableUser\. .*\nThe account at eu-west-1_Retired00 was left as it is: .*\n$/,
    );
  });

  test('invites into groups, and again', async () => {
    const invited = ['invite', 'ivy@example.com', '--into', 'support', '--set', 'name=Ivy'];
    expect(await user(...invited)).toContain('Done: inviteUser.');
    const [{ username = '' } = {}] = await look<{ username: string }>(
      database,
      'select username from identity order by id desc limit 1',
    );
    expect(await user('resend-invitation', username)).toContain('Done: resendInvitation.');
    const groups = await atPool(({ cognito, poolId }) =>
      cognito.send(new AdminListGroupsForUserCommand({ UserPoolId: poolId, Username: username })),
    );
    expect(groups.Groups).toMatchObject([{ GroupName: 'support' }]);
  });

  test('ends sign-ins one by one, which a dry run lists', async () => {
    await look(
      database,
      `insert into session (id, created_at, updated_at, user_id, identity_id, pool_id, origin_jti, client_id,
                            first_seen_at, last_seen_at, network)
       select gen_random_uuid(), now(), now(), user_id, id, pool_id, 'sign-in-' || number, 'client', now(), now(),
              '192.0.2.0/24' from identity, generate_series(1, 2) as number where username = 'sam'`,
    );
    const sessions = () =>
      look<{ id: string; ended: boolean }>(
        database,
        "select id, ended_at is not null as ended from session where origin_jti like 'sign-in-%' order by origin_jti",
      );
    const [first, second] = await sessions();
    const listed = await user('end-sessions', 'sam', '--dry-run');
    expect(listed).toContain(`endSession of ${first?.id} (from 192.0.2.0/24, last seen`);
    expect(listed).toContain(`endSession of ${second?.id}`);
    await user('end-sessions', 'sam', '--session', second?.id ?? '');
    expect((await sessions()).map(({ ended }) => ended)).toEqual([false, true]);
    await user('end-sessions', 'sam');
    expect((await sessions()).map(({ ended }) => ended)).toEqual([true, true]);
    expect(await eventsOf('sam')).toHaveLength(4);
    await expect(user('end-sessions', 'sam')).rejects.toThrow('no sign-in that goes on');
  });

  test('signs out, and does the same under the same key once', async () => {
    const signOut = ['sign-out', 'liam.chen', '--idempotency-key', 'sign-out-of-liam'];
    const first = await user(...signOut);
    expect(first).toContain('Done: signOutUser.');
    expect(await user(...signOut)).toBe(first);
    expect(await eventsOf('liam.chen')).toHaveLength(2);
  });

  test('takes many, also from a pipe: one that cannot be done keeps no other from it', async () => {
    const many = ['user', 'disable', 'grace.chen', '--from', '-', ...WHY];
    const piped = 'nobody@example.com\n\nADA@example.com\nkeiko.chen\n';
    const dry = await lifeguard([...many, '--dry-run'], piped).catch(({ message }) => message);
    expect(dry).toContain('2 of 4 were not done.');
    expect(dry).toContain('keiko.chen: Nothing was done. disableUser would be.');
    expect((await profileOf('keiko.chen'))?.enabled).toBe(true);
    const done = await lifeguard(many, piped).catch(({ message }) => message);
    expect(done).toContain('2 of 4 were not done.');
    expect(done).toContain('nobody@example.com: not done. There is no user nobody@example.com.');
    expect(done).toContain('ADA@example.com: not done. No administrator who can sign in would be');
    for (const name of ['grace.chen', 'keiko.chen']) {
      expect(done).toContain(`${name}: Done: disableUser.`);
      expect((await profileOf(name))?.enabled).toBe(false);
    }
    const named = { Username: 'grace.chen' };
    const { Enabled } = await atPool(({ cognito, poolId }) =>
      cognito.send(new AdminGetUserCommand({ UserPoolId: poolId, ...named })),
    );
    expect(Enabled).toBe(false);
  });

  /** Each that gets as far as a database costs a start: what the rules of the mutations say is tested with those. */
  test.each<[readonly string[], string]>([
    [['dance', 'uma'], "unknown command 'dance'"],
    [['disable'], 'Nobody is named.'],
    [['disable', '--from', 'not/there'], 'not/there cannot be read.'],
    [['enable', 'twin@example.com'], 'users are meant by twin@example.com'],
    [['enable', 'uma', '--idempotency-key', 'short'], 'must have 8 to 100 characters'],
    [['add-to-group', 'uma'], "'--group <name>' not specified"],
    [['add-to-group', 'uma', '--group', 'nowhere'], 'no such group'],
    [['disable', 'uma', '--until', 'soon'], '--until is soon.'],
    ...['+010000-01-01T00:00:00Z', '9999-12-31T23:59:59-14:00', '0000-06-01T00:00:00Z'].map(
      (moment): [string[], string] => [
        ['disable', 'uma', '--until', moment],
        `--until is ${moment}. It cannot represent a year before 1 or after 9999: give a moment such as`,
      ],
    ),
    [['update-attributes', 'uma', '--set', 'nickname'], 'Give it as name=value.'],
    [
      ['set-temporary-password', '--from', '-', '--password-stdin'],
      'either the users or the password',
    ],
  ])('%j is told in a sentence', async (args, told) => {
    await expect(user(...args)).rejects.toThrow(told);
  });

  test('a list in UTF-16 is told in a sentence', async () => {
    const piped = Buffer.from('grace.chen\nkeiko.chen\n', 'utf16le').toString();
    await expect(
      lifeguard(['user', 'disable', '--from', '-', ...WHY, '--dry-run'], piped),
    ).rejects.toThrow('no text in UTF-8');
  });
});

describe('lifeguard group', () => {
  test('makes, changes, lists and deletes groups, with a trail', async () => {
    await group('create', 'crew', '--description', 'Who sails');
    await group('update', 'crew', '--precedence', '7');
    const listed = await lifeguard(['group', 'list']);
    expect(listed).toContain('crew\t7\t-\tWho sails\n');
    expect(listed).toMatch(/^admin\t\S+\tADMIN/m);
    const would = await group('delete', 'crew', '--dry-run');
    expect(would).toContain('Nothing was done. deleteGroup would be.');
    await expect(group('delete', 'crew')).rejects.toThrow('Give --yes.');
    await group('delete', 'crew', '--yes');
    expect(await lifeguard(['group', 'list'])).not.toContain('crew');
    const events = await look<object>(
      database,
      `select action, actor_kind from audit_event
       where outcome = 'DONE' and target_group like '%/crew' order by created_at`,
    );
    expect(events).toEqual(
      ['createGroup', 'updateGroup', 'deleteGroup'].map((action) => ({
        action,
        actor_kind: 'OPERATOR',
      })),
    );
  });

  test.each<[readonly string[], string]>([
    [['create', 'x', '--precedence', '-1'], '--precedence is -1.'],
    [['delete', 'admin', '--yes'], 'No administrator who can sign in would be left.'],
  ])('%j is told in a sentence', async (args, told) => {
    await expect(group(...args)).rejects.toThrow(told);
  });
});
