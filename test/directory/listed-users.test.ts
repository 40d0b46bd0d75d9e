import {
  AdminDisableUserCommand,
  AdminUpdateUserAttributesCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Identity, mirrorOf, User } from '../../src/directory/index.js';
import { mirrored } from '../../src/directory/mirrored-profile.js';
import { writeGroups, writeProfiles } from '../../src/directory/pool-profile-rows.js';
import { type Client, startApi, type TestApi } from '../support/api.js';

let api: TestApi;
let ada: Client;

beforeAll(async () => {
  api = await startApi();
  ada = await api.as('ada@example.com');
  await ada.execute('{ me { id } }');
});
afterAll(() => api.close());

const em = () => api.server.app.orm.em.fork();
const execute = <Rows extends readonly object[]>(sql: string, parameters: unknown[] = []) =>
  em().execute<Rows>(sql, parameters);

const accountOf = (username: string) => em().findOneOrFail(Identity, { username });

/** The ids of the users whom a filter finds. */
async function found(filter: object): Promise<string[]> {
  const { data, errors } = await ada.execute(
    'query ($filter: UserFilter) { users(first: 100, filter: $filter) { nodes { id } } }',
    { filter },
  );
  expect(errors).toBeUndefined();
  return data.users.nodes.map(({ id }: { id: string }) => id);
}

const written = (username: string, attributes: Record<string, string>, modifiedAt: Date) =>
  mirrored(
    {
      ...{ subject: username, username, attributes, modifiedAt },
      status: 'CONFIRMED',
      enabled: true,
      createdAt: new Date(0),
    },
    new Date(),
  );

test('a change at the pool is found under its new value alone as soon as the mirror has seen it', async () => {
  const { user } = await accountOf('mei.chen');
  const account = { UserPoolId: api.poolId, Username: 'mei.chen' };
  expect(await found({ email: 'mei.chen@example.com' })).toEqual([user.id]);
  await api.cognito.send(
    new AdminUpdateUserAttributesCommand({
      ...account,
      UserAttributes: [
        { Name: 'email', Value: 'Mei.New@example.com' },
        { Name: 'name', Value: 'Méi Renamed' },
      ],
    }),
  );
  await api.cognito.send(new AdminDisableUserCommand(account));
  await execute(
    "update pool_profile set attributes_read_at = attributes_read_at - interval '1 hour'",
  );
  await ada.execute('query ($id: ID!) { user(id: $id) { profile { name } } }', { id: user.id });
  await mirrorOf(api.server.app).settle();
  expect(await found({ email: 'mei.chen@example.com' })).toEqual([]);
  expect(await found({ email: 'MEI.NEW@example.com', enabled: false })).toEqual([user.id]);
  expect(await found({ search: 'mei renamed' })).toEqual([user.id]);
  expect(await found({ search: 'mei chen' })).toEqual([]);
});

test('groups are found as the mirror has them', async () => {
  const { id, user } = await accountOf('mei.gupta');
  const groups = (names: string[]) =>
    writeGroups(em(), new Map([[id, { names, askedAt: new Date() }]]));
  await groups(['blue', 'green']);
  expect(await found({ group: 'blue' })).toEqual([user.id]);
  await groups(['green']);
  expect(await found({ group: 'blue' })).toEqual([]);
  expect(await found({ group: 'green' })).toEqual([user.id]);
});

test('what the back office does is found at once', async () => {
  const { user } = await accountOf('liam.gupta');
  const input = { id: user.id, reason: 'to look for it' };
  const mutation = (name: string, type: string) =>
    ada.execute(`mutation ($input: ${type}!) { ${name}(input: $input) { user { id } } }`, {
      input,
    });
  await mutation('disableUser', 'DisableUserInput');
  expect(await found({ enabled: false })).toContain(user.id);
  await mutation('enableUser', 'EnableUserInput');
  expect(await found({ enabled: false })).not.toContain(user.id);
});

describe('of two accounts', () => {
  const earlier = new Date('2026-01-01T00:00:00Z');
  const later = new Date('2026-02-01T00:00:00Z');

  test('the one last used is listed, and the other one when it is deleted', async () => {
    const first = await accountOf('grace.chen');
    const { user } = first;
    const second = em();
    const other = second.create(Identity, {
      user: second.getReference(User, user.id),
      poolId: api.poolId,
      subject: 'grace.elsewhere',
      username: 'grace.elsewhere',
    });
    await second.flush();
    await writeProfiles(
      em(),
      new Map([[other.id, written('grace.elsewhere', { email: 'grace@else.example' }, later)]]),
    );
    const seen = (account: Identity, at: Date) =>
      em().nativeUpdate(Identity, { id: account.id }, { lastSeenAt: at });

    await seen(first, later);
    expect(await found({ email: 'grace@else.example' })).toEqual([]);
    expect(await found({ email: 'grace.chen@example.com' })).toEqual([user.id]);
    await seen(first, earlier);
    await seen(other, later);
    expect(await found({ email: 'grace@else.example' })).toEqual([user.id]);
    expect(await found({ email: 'grace.chen@example.com' })).toEqual([]);

    await em().nativeUpdate(Identity, { id: other.id }, { deletedAt: new Date() });
    expect(await found({ email: 'grace@else.example' })).toEqual([]);
    expect(await found({ email: 'grace.chen@example.com' })).toEqual([user.id]);

    await em().nativeUpdate(Identity, { id: other.id }, { deletedAt: null });
    expect(await found({ email: 'grace@else.example' })).toEqual([user.id]);
    await em().nativeDelete(Identity, { id: other.id });
    expect(await found({ email: 'grace.chen@example.com' })).toEqual([user.id]);
  });
});

test('however many write at once, each user is listed by the account that was last used', async () => {
  const filling = em();
  const accounts = Array.from({ length: 20 }, (_, index) => {
    const user = filling.create(User, {});
    return ['a', 'b', 'c'].map((letter) => {
      const subject = `crowd-${index}-${letter}`;
      return filling.create(Identity, { user, poolId: 'crowd', subject, username: subject });
    });
  }).flat();
  await filling.flush();
  const now = Date.now();
  await Promise.all(
    accounts.flatMap(({ id, username }, index) => {
      const lastSeenAt = new Date(now - ((index * 37) % 60) * 60_000);
      const batch = accounts.slice(index, index + 5).toReversed();
      return [
        em().nativeUpdate(Identity, { id }, { lastSeenAt }),
        writeProfiles(
          em(),
          new Map(
            batch.map((account) => [
              account.id,
              written(account.username, { name: `Crowd ${account.username}` }, new Date(now)),
            ]),
          ),
        ),
        ...(index % 7 === 0
          ? [em().nativeUpdate(Identity, { username }, { deletedAt: new Date() })]
          : []),
      ];
    }),
  );
  const wrong = await execute(
    `select app_user.id from app_user cross join lateral (
       select identity.id, last_seen_at, search_names from identity
       join pool_profile on pool_profile.identity_id = identity.id
       where user_id = app_user.id and deleted_at is null
       order by last_seen_at desc nulls last, identity.id limit 1) as account
     where exists (select from identity where user_id = app_user.id and pool_id = 'crowd')
       and (listed_identity_id, listed_last_seen_at, listed_names)
         is distinct from (account.id, account.last_seen_at, account.search_names)`,
  );
  expect(wrong).toEqual([]);
});

test('a user is written only where something differs, and `updatedAt` never', async () => {
  const { id, user } = await accountOf('liam.chen');
  const version = () =>
    execute('select xmin::text as row, updated_at from app_user where id = ?', [user.id]);
  const modifiedAt = new Date(Date.now() + 60_000);
  const write = (name: string) =>
    writeProfiles(em(), new Map([[id, written('liam.chen', { name }, modifiedAt)]]));
  await write('Liam');
  const before = await version();
  await write('Liam');
  expect(await version()).toEqual(before);
  await write('Liam Changed');
  const [changed] = await version();
  expect(changed).not.toEqual(before[0]);
  expect(changed).toMatchObject({ updated_at: Reflect.get(Object(before[0]), 'updated_at') });
});

test('a page of profiles with a value that no database takes is kept all the same', async () => {
  const [first, second] = [await accountOf('grace.gupta'), await accountOf('mei.haddad')];
  const modifiedAt = new Date(Date.now() + 60_000);
  await writeProfiles(
    em(),
    new Map([
      [first.id, written('grace.gupta', { name: 'Nul\u0000 Half\ud800' }, modifiedAt)],
      [second.id, written('mei.haddad', { name: 'Whole Value' }, modifiedAt)],
    ]),
  );
  expect(await found({ search: 'whole value' })).toEqual([second.user.id]);
  expect(await found({ search: 'nul half' })).toEqual([first.user.id]);
});
