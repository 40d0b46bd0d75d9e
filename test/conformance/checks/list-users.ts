import {
  AdminDisableUserCommand,
  ListUsersCommand,
  type ListUsersCommandInput,
} from '@aws-sdk/client-cognito-identity-provider';
import { api, type Check, pages, type Topic } from '../check.js';
import { expectMembers, expectRefusal, expectSame, expectShape } from '../difference.js';
import type { Person, Place, PoolUnderTest } from '../pool-under-test.js';

type Query = Omit<ListUsersCommandInput, 'UserPoolId'>;

async function listed(pool: PoolUnderTest, { poolId }: Place, query: Query = {}) {
  const answer = await pool.send(new ListUsersCommand({ UserPoolId: poolId, ...query }));
  return answer.Users ?? [];
}

async function expectFound(
  pool: PoolUnderTest,
  place: Place,
  Filter: string,
  people: readonly Person[],
): Promise<void> {
  await pool.eventually(async () =>
    expectMembers(
      `ListUsers of ${Filter}`,
      (await listed(pool, place, { Filter })).map(({ Username }) => Username),
      people.map(({ username }) => username),
    ),
  );
}

/** That an attribute is found by its whole value and by its beginning, and by nothing else. */
const searches = (attribute: string, value: string): Check => ({
  name: `users are found by ${attribute}, whole or by its beginning`,
  source: api('ListUsers'),
  run: async (pool) => {
    const place = await pool.newPlace();
    const ada = await pool.addInvited({ [attribute]: value }, place);
    await pool.addInvited({}, place);
    const beginning = value.slice(0, -2);
    await expectFound(pool, place, `${attribute} = "${value}"`, [ada]);
    await expectFound(pool, place, `${attribute} ^= "${beginning}"`, [ada]);
    await expectFound(pool, place, `${attribute} = "${beginning}"`, []);
  },
});

const refuses = (name: string, query: Query): Check => ({
  name,
  source: api('ListUsers'),
  run: async (pool) =>
    expectRefusal(
      `ListUsers of ${JSON.stringify(query)}`,
      listed(pool, await pool.shared(), query),
      'InvalidParameterException',
    ),
});

export const listUsers: Topic = {
  name: 'lists of users',
  checks: [
    {
      name: 'a list comes in pages that end and name each user once',
      source: api('ListUsers'),
      run: async (pool) => {
        const place = await pool.newPlace();
        const made: string[] = [];
        for (let count = 0; count < 7; count += 1)
          made.push((await pool.addInvited({}, place)).username);
        await pool.eventually(async () => {
          const found = await pool.everyPage('ListUsers', async (PaginationToken) => {
            const answer = await pool.send(
              new ListUsersCommand({ UserPoolId: place.poolId, Limit: 3, PaginationToken }),
            );
            expectSame('whether a page keeps to its limit', (answer.Users ?? []).length <= 3, true);
            return [answer.Users, answer.PaginationToken] as const;
          });
          expectMembers(
            'the names',
            found.map(({ Username }) => Username),
            made,
          );
        });
      },
    },
    {
      name: 'a filtered list comes in pages as well',
      source: api('ListUsers'),
      run: async (pool) => {
        const place = await pool.newPlace();
        const made: string[] = [];
        for (let count = 0; count < 5; count += 1)
          made.push((await pool.addInvited({ family_name: 'Example' }, place)).username);
        await pool.addInvited({ family_name: 'Other' }, place);
        const Filter = 'family_name = "Example"';
        await pool.eventually(async () => {
          const found = await pool.everyPage('ListUsers', async (PaginationToken) => {
            const answer = await pool.send(
              new ListUsersCommand({ UserPoolId: place.poolId, Filter, Limit: 2, PaginationToken }),
            );
            return [answer.Users, answer.PaginationToken] as const;
          });
          expectMembers(
            'the names',
            found.map(({ Username }) => Username),
            made,
          );
        });
      },
    },
    {
      name: 'a listed user has attributes, status and dates',
      source: api('UserType'),
      run: async (pool) => {
        const { username, sub, place } = await pool.addUser({ name: 'Ada' });
        await pool.eventually(async () => {
          const users = await listed(pool, place, { Filter: `username = "${username}"` });
          expectShape('Users', users, [
            {
              Username: username,
              Enabled: true,
              UserStatus: 'CONFIRMED',
              UserCreateDate: Date,
              UserLastModifiedDate: Date,
            },
          ]);
          const values = (users[0]?.Attributes ?? []).map(({ Name, Value }) => `${Name}=${Value}`);
          expectMembers('Attributes', values, [`sub=${sub}`, 'name=Ada']);
        });
      },
    },
    {
      name: 'an empty pool has an empty list, without another page',
      source: api('ListUsers'),
      run: async (pool) => {
        const UserPoolId = await pool.newPool();
        const answer = await pool.send(new ListUsersCommand({ UserPoolId }));
        expectSame('Users', answer.Users ?? [], []);
        expectSame('PaginationToken', answer.PaginationToken, undefined);
      },
    },
    searches('email', 'ada.lovelace@example.com'),
    searches('phone_number', '+493012345678'),
    searches('name', 'Ada Lovelace'),
    searches('given_name', 'Adelaide'),
    searches('family_name', 'Lovelace'),
    searches('preferred_username', 'countess'),
    {
      name: 'users are found by user name, whole or by its beginning',
      source: api('ListUsers'),
      run: async (pool) => {
        const ada = await pool.addInvited();
        await pool.addInvited();
        await expectFound(pool, ada.place, `username = "${ada.username}"`, [ada]);
        await expectFound(pool, ada.place, `username ^= "${ada.username.slice(0, -1)}"`, [ada]);
      },
    },
    {
      name: 'users are found by sub',
      source: api('ListUsers'),
      run: async (pool) => {
        const ada = await pool.addInvited();
        await expectFound(pool, ada.place, `sub = "${ada.sub}"`, [ada]);
      },
    },
    {
      name: 'users are found by their status, in any case',
      source: api('ListUsers'),
      run: async (pool) => {
        const place = await pool.newPlace();
        const invited = await pool.addInvited({}, place);
        const confirmed = await pool.addUser({}, place);
        await expectFound(pool, place, 'cognito:user_status = "FORCE_CHANGE_PASSWORD"', [invited]);
        await expectFound(pool, place, 'cognito:user_status = "confirmed"', [confirmed]);
      },
    },
    {
      name: 'users are found by whether they are enabled',
      source: api('ListUsers'),
      run: async (pool) => {
        const place = await pool.newPlace();
        const [enabled, disabled] = [await pool.addUser({}, place), await pool.addUser({}, place)];
        await pool.send(new AdminDisableUserCommand(disabled.ofUser));
        await expectFound(pool, place, 'status = "Enabled"', [enabled]);
        await expectFound(pool, place, 'status = "Disabled"', [disabled]);
      },
    },
    {
      name: 'a quotation mark in a value is escaped',
      source: pages.accounts,
      run: async (pool) => {
        const place = await pool.newPlace();
        const ada = await pool.addInvited({ name: 'Ada "the Countess"' }, place);
        await expectFound(pool, place, 'name = "Ada \\"the Countess\\""', [ada]);
      },
    },
    {
      name: 'an empty filter lists everybody',
      source: api('ListUsers'),
      run: async (pool) => {
        const place = await pool.newPlace();
        const everybody = [await pool.addInvited({}, place), await pool.addInvited({}, place)];
        await expectFound(pool, place, '', everybody);
      },
    },
    {
      name: 'a list tells only the attributes that are asked for',
      source: api('ListUsers'),
      run: async (pool) => {
        const { username, place } = await pool.addInvited({ name: 'Ada', locale: 'de' });
        await pool.eventually(async () => {
          const Filter = `username = "${username}"`;
          const [user] = await listed(pool, place, { Filter, AttributesToGet: ['name'] });
          expectSame('Attributes', user?.Attributes, [{ Name: 'name', Value: 'Ada' }]);
        });
      },
    },
    refuses('a custom attribute cannot be searched for', { Filter: 'custom:team = "blue"' }),
    refuses('an attribute that is not searchable is refused', { Filter: 'locale = "de"' }),
    refuses('a filter that is none is refused', { Filter: 'name like Ada' }),
    refuses('a filter without quotation marks is refused', { Filter: 'name = Ada' }),
    refuses('a page has at most sixty', { Limit: 61 }),
    {
      name: 'a pool that is not there is a ResourceNotFoundException',
      source: api('ListUsers'),
      run: async (pool) =>
        expectRefusal(
          'ListUsers',
          listed(pool, { poolId: await pool.unknownPoolId(), clientId: '' }),
          'ResourceNotFoundException',
        ),
    },
  ],
};
