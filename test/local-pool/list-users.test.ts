import {
  AdminDisableUserCommand,
  AdminUpdateUserAttributesCommand,
  ListUsersCommand,
  type ListUsersCommandInput,
  paginateListUsers,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  attributeRecord,
  attributeTypes,
  type Place,
  refusal,
  startTestPool,
  type TestPool,
} from './test-pool.js';

let pool: TestPool;
let place: Place;
const subs = new Map<string, string>();

const PEOPLE = {
  ada: { name: 'Ada Okafor', given_name: 'Ada', family_name: 'Okafor', email: 'ada@example.com' },
  Adam: { name: 'Adam "Al" Smith', given_name: 'Adam', email: 'adam@example.com' },
  bo: { name: 'Bo 100% Li', email: 'bo_1@example.com', phone_number: '+4917012345' },
  cy: { name: 'ada lower', email: 'cyx1@example.com', preferred_username: 'captain' },
};

beforeAll(async () => {
  pool = await startTestPool();
  place = await pool.place();
  for (const [name, attributes] of Object.entries(PEOPLE))
    subs.set(name, await pool.addUser(place, name, attributes));
  await pool.cognito.send(
    new AdminDisableUserCommand({ UserPoolId: place.poolId, Username: 'cy' }),
  );
  await pool.addUser(await pool.place(), 'stranger', PEOPLE.ada);
});
afterAll(() => pool.close());

const list = (input: Partial<ListUsersCommandInput> = {}) =>
  pool.cognito.send(new ListUsersCommand({ UserPoolId: place.poolId, ...input }));

const found = async (input: Partial<ListUsersCommandInput>) =>
  (await list(input)).Users?.map(({ Username }) => Username).sort();

describe('filters', () => {
  test.each([
    ['', ['Adam', 'ada', 'bo', 'cy']],
    ['username = "ada"', ['ada']],
    ['username ^= "ad"', ['ada']],
    ['username ^= "Ad"', ['Adam']],
    ['email = "ada@example.com"', ['ada']],
    ['email ^= "ada"', ['Adam', 'ada']],
    ['email ^= "bo_"', ['bo']],
    ['email ^= "cy_"', []],
    ['phone_number ^= "+49"', ['bo']],
    ['name ^= "Ada"', ['Adam', 'ada']],
    ['name = "Adam \\"Al\\" Smith"', ['Adam']],
    ['name ^= "Bo 100%"', ['bo']],
    ['name ^= "%"', []],
    ['given_name = "Ada"', ['ada']],
    ['family_name = "Okafor"', ['ada']],
    ['preferred_username = "captain"', ['cy']],
    ['cognito:user_status = "confirmed"', ['Adam', 'ada', 'bo', 'cy']],
    ['cognito:user_status = "UNCONFIRMED"', []],
    ['status = "Enabled"', ['Adam', 'ada', 'bo']],
    ['status = "Disabled"', ['cy']],
    ['status = "disabled"', []],
    ['  "name"   ^=   "Bo"  ', ['bo']],
    ['name = "nobody"', []],
    ['name = ""', []],
  ])('%s', async (filter, names) => {
    expect(await found({ Filter: filter })).toEqual(names);
  });

  test('find a user by sub', async () => {
    expect(await found({ Filter: `sub = "${subs.get('bo')}"` })).toEqual(['bo']);
  });

  test.each([
    ['name', 'Error while parsing filter.'],
    ['name = Ada', 'Error while parsing filter.'],
    ['name == "Ada"', 'Error while parsing filter.'],
    ['name != "Ada"', 'Error while parsing filter.'],
    ['name = "Ada" and status = "Enabled"', 'Error while parsing filter.'],
    ['name = "Ada', 'Error while parsing filter.'],
    ['locale = "en"', 'Invalid search attribute: locale'],
    ['custom:plan = "free"', 'Invalid search attribute: custom:plan'],
    ['constructor = "x"', 'Invalid search attribute: constructor'],
    ['name\' = "x"', 'Error while parsing filter.'],
  ])('refuse %s', async (filter, message) => {
    expect(await refusal(list({ Filter: filter }))).toEqual({
      name: 'InvalidParameterException',
      message,
    });
  });
});

describe('whatever text is given', () => {
  const text = fc
    .string({ unit: 'binary', minLength: 1, maxLength: 60 })
    .filter((given) => !given.includes('\0'));

  test('a filter finds the value that it quotes', async () => {
    const own = await pool.place();
    await pool.addUser(own, 'uma');
    await fc.assert(
      fc.asyncProperty(text, async (name) => {
        await pool.cognito.send(
          new AdminUpdateUserAttributesCommand({
            UserPoolId: own.poolId,
            Username: 'uma',
            UserAttributes: attributeTypes({ name }),
          }),
        );
        const quoted = name.replace(/["\\]/g, '\\$&');
        for (const operator of ['=', '^='])
          expect(
            await found({ UserPoolId: own.poolId, Filter: `name ${operator} "${quoted}"` }),
          ).toEqual(['uma']);
      }),
      { numRuns: 40, examples: [['"'], ['\\'], ['\\"'], ["'; drop"], ['%_'], ['a\nb']] },
    );
  });

  test('a filter or a token is taken or refused, and breaks nothing', async () => {
    const outcome = (input: Partial<ListUsersCommandInput>) =>
      list(input).then(
        () => 'taken',
        (error: unknown) => (error instanceof Error ? error.name : 'thrown'),
      );
    await fc.assert(
      fc.asyncProperty(text, async (given) => {
        const inputs = [
          { Filter: given },
          { Filter: `name = "${given}"` },
          { PaginationToken: given },
          { PaginationToken: Buffer.from(`after\n${given}`).toString('base64url') },
        ];
        for (const input of inputs)
          expect(['taken', 'InvalidParameterException']).toContain(await outcome(input));
      }),
      { numRuns: 25 },
    );
  });
});

describe('AttributesToGet', () => {
  test('leaves the other attributes out', async () => {
    const { Users } = await list({ AttributesToGet: ['email', 'sub'] });
    for (const { Username = '', Attributes } of Users ?? [])
      expect(attributeRecord(Attributes)).toEqual({
        sub: subs.get(Username),
        email: expect.stringContaining('@example.com'),
      });
  });

  test.each(['given_name', 'shoe'])('fails where a listed user has no %s', async (name) => {
    expect(await refusal(list({ AttributesToGet: [name] }))).toEqual({
      name: 'InvalidParameterException',
      message: 'One or more requested attributes do not exist.',
    });
  });

  test('succeeds where those who lack it are filtered out', async () => {
    expect(await found({ AttributesToGet: ['given_name'], Filter: 'given_name ^= "Ada"' })).toEqual(
      ['Adam', 'ada'],
    );
  });
});

describe('pages', () => {
  test.each([1, 2, 3, 4, 60])('of %d list everyone once', async (size) => {
    const names: (string | undefined)[] = [];
    let pages = 0;
    for await (const { Users = [] } of paginateListUsers(
      { client: pool.cognito, pageSize: size },
      { UserPoolId: place.poolId },
    )) {
      expect(Users.length).toBeLessThanOrEqual(size);
      names.push(...Users.map(({ Username }) => Username));
      pages += 1;
    }
    expect(names.sort()).toEqual(['Adam', 'ada', 'bo', 'cy']);
    expect(pages).toBe(Math.ceil(4 / size));
  });

  test('go on within a filter', async () => {
    const Filter = 'email ^= "ada"';
    const first = await list({ Filter, Limit: 1 });
    const second = await list({ Filter, Limit: 1, PaginationToken: first.PaginationToken });
    expect(second.PaginationToken).toBeUndefined();
    expect([first, second].map(({ Users }) => Users?.[0]?.Username).sort()).toEqual([
      'Adam',
      'ada',
    ]);
  });

  test('have an opaque token', async () => {
    const { PaginationToken = '' } = await list({ Limit: 1 });
    expect([...subs.values()].some((sub) => PaginationToken.includes(sub))).toBe(false);
  });

  const unstorable = Buffer.from('after\n\0').toString('base64url');

  test.each(['x', 'bm90IG91cnM=', ' ', unstorable])('refuse the token %j', async (token) => {
    expect(await refusal(list({ PaginationToken: token }))).toEqual({
      name: 'InvalidParameterException',
      message: 'Invalid pagination token given.',
    });
  });

  test.each([-1, 61])('refuse a limit of %d', async (Limit) => {
    expect((await refusal(list({ Limit }))).name).toBe('InvalidParameterException');
  });
});

test('a listed user has no groups, and dates that are dates', async () => {
  const { Users } = await list({ Filter: 'username = "ada"' });
  expect(Users).toEqual([
    {
      Username: 'ada',
      Attributes: expect.any(Array),
      UserCreateDate: expect.any(Date),
      UserLastModifiedDate: expect.any(Date),
      Enabled: true,
      UserStatus: 'CONFIRMED',
    },
  ]);
});
