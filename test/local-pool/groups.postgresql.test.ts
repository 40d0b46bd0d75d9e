import {
  AdminAddUserToGroupCommand,
  AdminDeleteUserCommand,
  AdminGetUserCommand,
  AdminListGroupsForUserCommand,
  AdminRemoveUserFromGroupCommand,
  CreateGroupCommand,
  ListGroupsCommand,
  ListUsersInGroupCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Place, refusal, startTestPool, type TestPool } from './test-pool.js';

let pool: TestPool;
let place: Place;
beforeAll(async () => {
  pool = await startTestPool();
});
beforeEach(async () => {
  place = await pool.place();
});
afterAll(() => pool.close());

const create = (GroupName: string, settings: { Description?: string; Precedence?: number } = {}) =>
  pool.cognito.send(new CreateGroupCommand({ UserPoolId: place.poolId, GroupName, ...settings }));
const membership = (Username: string, GroupName: string) => ({
  UserPoolId: place.poolId,
  Username,
  GroupName,
});
const add = (username: string, group: string) =>
  pool.cognito.send(new AdminAddUserToGroupCommand(membership(username, group)));
const remove = (username: string, group: string) =>
  pool.cognito.send(new AdminRemoveUserFromGroupCommand(membership(username, group)));
const groupsOf = (Username: string, page: { Limit?: number; NextToken?: string } = {}) =>
  pool.cognito.send(
    new AdminListGroupsForUserCommand({ UserPoolId: place.poolId, Username, ...page }),
  );
const usersIn = (GroupName: string, page: { Limit?: number; NextToken?: string } = {}) =>
  pool.cognito.send(new ListUsersInGroupCommand({ UserPoolId: place.poolId, GroupName, ...page }));

interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: string | undefined;
}

/** Everything of a list, page by page. */
async function everything<Item>(page: (token?: string) => Promise<Page<Item>>): Promise<Item[][]> {
  const pages: Item[][] = [];
  let token: string | undefined;
  do {
    const { items, next } = await page(token);
    pages.push([...items]);
    token = next;
  } while (token !== undefined);
  return pages;
}

describe('CreateGroup', () => {
  test('answers with the group', async () => {
    const { Group } = await create('admin', { Description: 'May do it all', Precedence: 0 });
    expect(Group).toEqual({
      GroupName: 'admin',
      UserPoolId: place.poolId,
      Description: 'May do it all',
      Precedence: 0,
      CreationDate: expect.any(Date),
      LastModifiedDate: expect.any(Date),
    });
  });

  test('refuses a name that is taken, in this pool', async () => {
    await create('admin');
    expect(await refusal(create('admin'))).toEqual({
      name: 'GroupExistsException',
      message: 'A group with the name already exists.',
    });
    place = await pool.place();
    expect((await create('admin')).Group?.GroupName).toBe('admin');
  });

  test.each(['', 'two words'])('refuses the name %j', async (name) => {
    expect((await refusal(create(name))).name).toBe('InvalidParameterException');
  });
});

test('ListGroups lists every group once, page by page', async () => {
  for (const name of ['c', 'a', 'e', 'b', 'd']) await create(name);
  const pages = await everything(async (NextToken) => {
    const { Groups = [], NextToken: next } = await pool.cognito.send(
      new ListGroupsCommand({ UserPoolId: place.poolId, Limit: 2, NextToken }),
    );
    return { items: Groups.map(({ GroupName }) => GroupName), next };
  });
  expect(pages).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
});

describe('members', () => {
  beforeEach(async () => {
    for (const name of ['admin', 'support', 'writers']) await create(name);
    for (const name of ['ada', 'sam', 'uma'])
      await pool.addUser(place, name, { email: `${name}@example.com`, email_verified: 'true' });
  });

  test('are added and removed, by any of their names, as often as one likes', async () => {
    await add('ada', 'admin');
    await add('ada@example.com', 'admin');
    await add('ADA', 'support');
    const names = async () => (await groupsOf('ada')).Groups?.map(({ GroupName }) => GroupName);
    expect(await names()).toEqual(['admin', 'support']);
    await remove('ada', 'admin');
    await remove('ada', 'admin');
    expect(await names()).toEqual(['support']);
    expect((await groupsOf('uma')).Groups).toEqual([]);
  });

  test('of one group are listed page by page', async () => {
    for (const name of ['ada', 'sam', 'uma']) await add(name, 'writers');
    const pages = await everything(async (token) => {
      const { Users = [], NextToken } = await usersIn('writers', {
        Limit: 2,
        ...(token && { NextToken: token }),
      });
      return { items: Users.map(({ Username }) => Username), next: NextToken };
    });
    expect(pages.map((page) => page.length)).toEqual([2, 1]);
    expect(pages.flat().sort()).toEqual(['ada', 'sam', 'uma']);
    expect((await usersIn('admin')).Users).toEqual([]);
  });

  test('have their groups listed page by page', async () => {
    for (const name of ['writers', 'admin', 'support']) await add('ada', name);
    const pages = await everything(async (token) => {
      const { Groups = [], NextToken } = await groupsOf('ada', {
        Limit: 1,
        ...(token && { NextToken: token }),
      });
      return { items: Groups.map(({ GroupName }) => GroupName), next: NextToken };
    });
    expect(pages).toEqual([['admin'], ['support'], ['writers']]);
  });

  test('keep their last-modified date', async () => {
    const ofAda = { UserPoolId: place.poolId, Username: 'ada' };
    const before = await pool.cognito.send(new AdminGetUserCommand(ofAda));
    await add('ada', 'admin');
    await remove('ada', 'admin');
    const after = await pool.cognito.send(new AdminGetUserCommand(ofAda));
    expect(after.UserLastModifiedDate).toEqual(before.UserLastModifiedDate);
  });

  test('leave their groups when they are deleted', async () => {
    await add('ada', 'admin');
    await pool.cognito.send(
      new AdminDeleteUserCommand({ UserPoolId: place.poolId, Username: 'ada' }),
    );
    expect((await usersIn('admin')).Users).toEqual([]);
  });

  test.each([
    ['adding to a group', () => add('ada', 'nowhere')],
    ['removing from a group', () => remove('ada', 'nowhere')],
    ['listing a group', () => usersIn('nowhere')],
  ])('%s that is not there is refused', async (_what, call) => {
    expect(await refusal(call())).toEqual({
      name: 'ResourceNotFoundException',
      message: 'Group not found.',
    });
  });

  test.each([
    ['adding', () => add('nobody', 'admin')],
    ['removing', () => remove('nobody', 'admin')],
    ['listing the groups of', () => groupsOf('nobody')],
  ])('%s a user that is not there is refused', async (_what, call) => {
    expect((await refusal(call())).name).toBe('UserNotFoundException');
  });

  test('a foreign page token is refused', async () => {
    expect((await refusal(groupsOf('ada', { NextToken: 'x' }))).name).toBe(
      'InvalidParameterException',
    );
  });
});
