import {
  AdminGetUserCommand,
  AdminListGroupsForUserCommand,
  GetGroupCommand,
  InitiateAuthCommand,
  ListUsersCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import type { PoolClient } from './pool-client.js';

/** What the pool is asked about, with what was there before the command. */
interface Before {
  readonly pool: PoolClient;
  /** Of the person's sign-in. */
  readonly refreshToken: string;
}

/** A command of one kind, to one person or group, that each killed server has under way with the others. */
export interface CommandCase {
  readonly action: string;
  /** The user name of whom it is done to. */
  readonly username?: string;
  readonly input: object;
  readonly fields?: string;
  /** What the pool is asked to do, first to last. */
  readonly operations: readonly string[];
  readonly endsTokens?: true;
  readonly isAtPool: (before: Before) => Promise<boolean>;
  /** A condition on the database; `target` is the user. */
  readonly isKept: string;
}

/** So that one command fits each kind of what can happen: to an account, to its groups, its sign-ins, or to none. */
export const CASES: readonly CommandCase[] = [
  {
    action: 'disableUser',
    username: 'uma',
    input: {},
    operations: ['AdminDisableUser'],
    endsTokens: true,
    isAtPool: async ({ pool }) => !(await userAt(pool, 'uma'))?.Enabled,
    isKept: `exists (${mirrorWith('not enabled')})`,
  },
  {
    action: 'deleteUser',
    username: 'liam.chen',
    input: {},
    operations: ['AdminDeleteUser'],
    endsTokens: true,
    isAtPool: async ({ pool }) => (await userAt(pool, 'liam.chen')) === undefined,
    isKept: `not exists (${mirrorWith('true')})
      and exists (select from identity where user_id = target and deleted_at is not null)`,
  },
  {
    action: 'inviteUser',
    input: { email: 'kim@example.com', groups: ['support'], message: 'NONE' },
    operations: ['AdminCreateUser', 'AdminAddUserToGroup'],
    isAtPool: async ({ pool }) => {
      const found = { UserPoolId: pool.poolId, Filter: 'email = "kim@example.com"' };
      const { Users = [] } = await pool.cognito.send(new ListUsersCommand(found));
      const [kim, ...others] = Users;
      return others.length === 0 && (await groupsAt(pool, kim?.Username)).includes('support');
    },
    isKept:
      "(select count(*) = 1 from pool_profile where attributes->>'email' = 'kim@example.com')",
  },
  {
    action: 'addUserToGroup',
    username: 'grace.chen',
    input: { group: 'support' },
    operations: ['AdminAddUserToGroup'],
    isAtPool: async ({ pool }) => (await groupsAt(pool, 'grace.chen')).includes('support'),
    isKept: `exists (${mirrorWith(`groups @> '["support"]'`)})`,
  },
  {
    action: 'removeUserFromGroup',
    username: 'sam',
    input: { group: 'support', endSessions: true },
    operations: ['AdminRemoveUserFromGroup', 'AdminUserGlobalSignOut'],
    endsTokens: true,
    isAtPool: async (before) =>
      !(await groupsAt(before.pool, 'sam')).includes('support') && isSignedOut(before),
    isKept: `exists (${mirrorWith("groups = '[]'")})`,
  },
  {
    action: 'signOutUser',
    username: 'rosa.chen',
    input: {},
    operations: ['AdminUserGlobalSignOut'],
    endsTokens: true,
    isAtPool: isSignedOut,
    isKept: `exists (select from session where user_id = target)
      and not exists (select from session where user_id = target and ended_at is null)`,
  },
  {
    action: 'updateUserAttributes',
    username: 'mei.chen',
    input: { attributes: [{ name: 'nickname', value: 'Mimi' }] },
    operations: ['AdminUpdateUserAttributes'],
    isAtPool: async ({ pool }) =>
      (await userAt(pool, 'mei.chen'))?.UserAttributes?.some(({ Value }) => Value === 'Mimi') ??
      false,
    isKept: `exists (${mirrorWith("attributes->>'nickname' = 'Mimi'")})`,
  },
  {
    action: 'createGroup',
    input: { name: 'crew' },
    operations: ['CreateGroup'],
    isAtPool: async ({ pool }) =>
      pool.cognito
        .send(new GetGroupCommand({ UserPoolId: pool.poolId, GroupName: 'crew' }))
        .then(() => true)
        .catch(isNot('ResourceNotFoundException')),
    // Groups are not mirrored but by their members.
    isKept: 'true',
  },
];

function mirrorWith(condition: string): string {
  return `select from pool_profile join identity on identity.id = identity_id
          where user_id = target and ${condition}`;
}

async function userAt(pool: PoolClient, Username: string) {
  try {
    return await pool.cognito.send(new AdminGetUserCommand({ UserPoolId: pool.poolId, Username }));
  } catch (error) {
    if (isNot('UserNotFoundException')(error) === false) return undefined;
    throw error;
  }
}

async function groupsAt(pool: PoolClient, Username: string | undefined): Promise<string[]> {
  if (Username === undefined) return [];
  const { Groups = [] } = await pool.cognito.send(
    new AdminListGroupsForUserCommand({ UserPoolId: pool.poolId, Username }),
  );
  return Groups.map(({ GroupName = '' }) => GroupName);
}

async function isSignedOut({ pool, refreshToken }: Before): Promise<boolean> {
  const refresh = new InitiateAuthCommand({
    AuthFlow: 'REFRESH_TOKEN_AUTH',
    ClientId: pool.clientId,
    AuthParameters: { REFRESH_TOKEN: refreshToken },
  });
  return pool.cognito
    .send(refresh)
    .then(() => false)
    .catch((error) => !isNot('NotAuthorizedException')(error));
}

/** Answers false for that error; rethrows any other. */
function isNot(name: string): (error: unknown) => boolean {
  return (error) => {
    if (error instanceof Error && error.name === name) return false;
    throw error;
  };
}
