import {
  AdminAddUserToGroupCommand,
  AdminDeleteUserCommand,
  AdminListGroupsForUserCommand,
  AdminRemoveUserFromGroupCommand,
  CreateGroupCommand,
  type CreateGroupCommandInput,
  DeleteGroupCommand,
  GetGroupCommand,
  ListGroupsCommand,
  ListUsersInGroupCommand,
  UpdateGroupCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { api, pages, type Topic } from '../check.js';
import { expectMembers, expectRefusal, expectSame, expectShape } from '../difference.js';
import type { Person, PoolUnderTest } from '../pool-under-test.js';

async function newGroup(pool: PoolUnderTest, more: Partial<CreateGroupCommandInput> = {}) {
  const ofGroup = {
    UserPoolId: more.UserPoolId ?? (await pool.shared()).poolId,
    GroupName: pool.newName('group'),
  };
  const { Group } = await pool.send(new CreateGroupCommand({ ...ofGroup, ...more }));
  return { ofGroup, Group };
}

const join = (pool: PoolUnderTest, { ofUser }: Person, GroupName: string) =>
  pool.send(new AdminAddUserToGroupCommand({ ...ofUser, GroupName }));

const leave = (pool: PoolUnderTest, { ofUser }: Person, GroupName: string) =>
  pool.send(new AdminRemoveUserFromGroupCommand({ ...ofUser, GroupName }));

const groupsOf = (pool: PoolUnderTest, { ofUser }: Person) =>
  pool.everyPage('AdminListGroupsForUser', async (NextToken) => {
    const answer = await pool.send(
      new AdminListGroupsForUserCommand({ ...ofUser, Limit: 1, NextToken }),
    );
    return [answer.Groups, answer.NextToken] as const;
  });

const UNKNOWN = 'nobody-in-here';

export const groups: Topic = {
  name: 'groups',
  checks: [
    {
      name: 'a new group is answered as it was given',
      source: api('CreateGroup'),
      run: async (pool) => {
        const given = { Description: 'Those who write', Precedence: 3 };
        const { ofGroup, Group } = await newGroup(pool, given);
        expectShape('Group', Group, {
          ...ofGroup,
          ...given,
          CreationDate: Date,
          LastModifiedDate: Date,
        });
      },
    },
    {
      name: 'a name is given once',
      source: api('CreateGroup'),
      run: async (pool) => {
        const { ofGroup } = await newGroup(pool);
        await expectRefusal(
          'CreateGroup',
          pool.send(new CreateGroupCommand(ofGroup)),
          'GroupExistsException',
        );
      },
    },
    {
      name: 'a precedence is not negative',
      source: api('CreateGroup'),
      run: async (pool) =>
        expectRefusal(
          'CreateGroup',
          newGroup(pool, { Precedence: -1 }),
          'InvalidParameterException',
        ),
    },
    {
      name: 'a group is read by its name',
      source: api('GetGroup'),
      run: async (pool) => {
        const { ofGroup } = await newGroup(pool, { Precedence: 0 });
        const { Group } = await pool.send(new GetGroupCommand(ofGroup));
        expectShape('Group', Group, { ...ofGroup, Precedence: 0 });
      },
    },
    {
      name: 'a group that is not there is a ResourceNotFoundException',
      source: api('GetGroup'),
      run: async (pool) => {
        const person = await pool.addUser();
        const ofGroup = { UserPoolId: person.place.poolId, GroupName: UNKNOWN };
        const refused = async (what: string, call: Promise<unknown>) =>
          expectRefusal(what, call, 'ResourceNotFoundException');
        await refused('GetGroup', pool.send(new GetGroupCommand(ofGroup)));
        await refused('UpdateGroup', pool.send(new UpdateGroupCommand(ofGroup)));
        await refused('DeleteGroup', pool.send(new DeleteGroupCommand(ofGroup)));
        await refused('ListUsersInGroup', pool.send(new ListUsersInGroupCommand(ofGroup)));
        await refused('AdminAddUserToGroup', join(pool, person, UNKNOWN));
        await refused('AdminRemoveUserFromGroup', leave(pool, person, UNKNOWN));
      },
    },
    {
      name: 'a group is changed',
      source: api('UpdateGroup'),
      run: async (pool) => {
        const { ofGroup } = await newGroup(pool, { Description: 'before', Precedence: 3 });
        const given = { Description: 'after', Precedence: 1 };
        await pool.send(new UpdateGroupCommand({ ...ofGroup, ...given }));
        const { Group } = await pool.send(new GetGroupCommand(ofGroup));
        expectShape('Group', Group, given);
      },
    },
    {
      name: 'a deleted group is gone, and its members are in it no more',
      source: api('DeleteGroup'),
      run: async (pool) => {
        const { ofGroup } = await newGroup(pool);
        const person = await pool.addUser();
        await join(pool, person, ofGroup.GroupName);
        await pool.send(new DeleteGroupCommand(ofGroup));
        await expectRefusal(
          'GetGroup',
          pool.send(new GetGroupCommand(ofGroup)),
          'ResourceNotFoundException',
        );
        await pool.eventually(async () =>
          expectSame('AdminListGroupsForUser', (await groupsOf(pool, person)).length, 0),
        );
      },
    },
    {
      name: 'a list of groups comes in pages that end and name each group once',
      source: api('ListGroups'),
      run: async (pool) => {
        const UserPoolId = await pool.newPool();
        const made: string[] = [];
        for (let count = 0; count < 5; count += 1)
          made.push((await newGroup(pool, { UserPoolId })).ofGroup.GroupName);
        await pool.eventually(async () => {
          const found = await pool.everyPage('ListGroups', async (NextToken) => {
            const answer = await pool.send(
              new ListGroupsCommand({ UserPoolId, Limit: 2, NextToken }),
            );
            return [answer.Groups, answer.NextToken] as const;
          });
          expectMembers(
            'the names',
            found.map(({ GroupName }) => GroupName),
            made,
          );
        });
      },
    },
    {
      name: 'users are in the groups that they were added to, and leave',
      source: pages.groups,
      run: async (pool) => {
        const person = await pool.addUser();
        const names = [
          (await newGroup(pool)).ofGroup.GroupName,
          (await newGroup(pool)).ofGroup.GroupName,
        ];
        for (const name of names) await join(pool, person, name);
        const listed = async () => (await groupsOf(pool, person)).map(({ GroupName }) => GroupName);
        await pool.eventually(async () => expectMembers('the groups', await listed(), names));
        await leave(pool, person, names[0] ?? '');
        await pool.eventually(async () =>
          expectMembers('the groups after leaving one', await listed(), names.slice(1)),
        );
      },
    },
    {
      name: 'who is in a group is added again, and who is not removed, without an error',
      source: api('AdminAddUserToGroup'),
      run: async (pool) => {
        const person = await pool.addUser();
        const { GroupName } = (await newGroup(pool)).ofGroup;
        await join(pool, person, GroupName);
        await join(pool, person, GroupName);
        await leave(pool, person, GroupName);
        await leave(pool, person, GroupName);
      },
    },
    {
      name: 'nobody is added to a group: UserNotFoundException',
      source: api('AdminAddUserToGroup'),
      run: async (pool) => {
        const { UserPoolId, GroupName } = (await newGroup(pool)).ofGroup;
        const ofUser = { UserPoolId, Username: pool.newName() };
        await expectRefusal(
          'AdminAddUserToGroup',
          pool.send(new AdminAddUserToGroupCommand({ ...ofUser, GroupName })),
          'UserNotFoundException',
        );
        await expectRefusal(
          'AdminListGroupsForUser',
          pool.send(new AdminListGroupsForUserCommand(ofUser)),
          'UserNotFoundException',
        );
      },
    },
    {
      name: 'the members of a group come in pages that end and name each once',
      source: api('ListUsersInGroup'),
      run: async (pool) => {
        const { ofGroup } = await newGroup(pool);
        const made: string[] = [];
        for (let count = 0; count < 5; count += 1) {
          const person = await pool.addInvited();
          await join(pool, person, ofGroup.GroupName);
          made.push(person.username);
        }
        await pool.eventually(async () => {
          const found = await pool.everyPage('ListUsersInGroup', async (NextToken) => {
            const answer = await pool.send(
              new ListUsersInGroupCommand({ ...ofGroup, Limit: 2, NextToken }),
            );
            return [answer.Users, answer.NextToken] as const;
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
      name: 'a listed member has attributes, status and dates',
      source: api('ListUsersInGroup'),
      run: async (pool) => {
        const { ofGroup } = await newGroup(pool);
        const person = await pool.addUser({ name: 'Ada' });
        await join(pool, person, ofGroup.GroupName);
        await pool.eventually(async () => {
          const { Users } = await pool.send(new ListUsersInGroupCommand(ofGroup));
          expectShape('Users', Users, [
            {
              Username: person.username,
              Enabled: true,
              UserStatus: 'CONFIRMED',
              Attributes: Array,
              UserCreateDate: Date,
              UserLastModifiedDate: Date,
            },
          ]);
        });
      },
    },
    {
      name: 'a deleted user is in no group any more',
      source: api('AdminDeleteUser'),
      run: async (pool) => {
        const { ofGroup } = await newGroup(pool);
        const person = await pool.addUser();
        await join(pool, person, ofGroup.GroupName);
        await pool.send(new AdminDeleteUserCommand(person.ofUser));
        await pool.eventually(async () => {
          const { Users } = await pool.send(new ListUsersInGroupCommand(ofGroup));
          expectSame('Users', Users ?? [], []);
        });
      },
    },
    {
      name: 'a page of groups or members has at most sixty',
      source: api('ListUsersInGroup'),
      run: async (pool) => {
        const { ofGroup } = await newGroup(pool);
        await expectRefusal(
          'ListUsersInGroup of 61',
          pool.send(new ListUsersInGroupCommand({ ...ofGroup, Limit: 61 })),
          'InvalidParameterException',
        );
        await expectRefusal(
          'ListGroups of 61',
          pool.send(new ListGroupsCommand({ UserPoolId: ofGroup.UserPoolId, Limit: 61 })),
          'InvalidParameterException',
        );
      },
    },
  ],
};
