import {
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  AdminGetUserCommand,
  AdminListGroupsForUserCommand,
  AdminUserGlobalSignOutCommand,
  DescribeUserPoolCommand,
  InvalidParameterException,
  ListGroupsCommand,
  ListUsersCommand,
  ListUsersInGroupCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-cognito-identity-provider';
import { CognitoPoolAdmin } from './cognito-pool-admin.js';
import { PageTokenRefusedError, PoolGroupNotFoundError, PoolUserNotFoundError } from './errors.js';
import { writeOwnAttributes } from './own-attributes.js';
import type { PoolAdmin } from './pool-admin.js';
import { clockOf } from './pool-clock.js';
import type { PoolCall, PoolConnection } from './pool-connection.js';
import { poolUser } from './pool-user.js';
import type { QuotaCategory, Urgency } from './quotas.js';
import type { CodeDelivery, PoolTrouble, PoolUser, PoolUserPage, UserPool } from './user-pool.js';

/** Lists answer with at most this many (API reference, "ListUsers" and the like, parameter Limit). */
const PAGE_SIZE = 60;

interface Manner {
  readonly urgency: Urgency;
  /** Whether a read takes the answer of one that is under way. */
  readonly reads: 'shared' | 'anew';
}

/** A user pool through the AWS SDK, the same for Amazon Cognito and for the local pool. */
export class CognitoUserPool implements UserPool {
  readonly id: string;
  readonly #connection: PoolConnection;
  readonly #manner: Manner;

  constructor(
    connection: PoolConnection,
    manner: Manner = { urgency: 'interactive', reads: 'shared' },
  ) {
    this.id = connection.id;
    this.#connection = connection;
    this.#manner = manner;
  }

  get trouble(): PoolTrouble | undefined {
    return this.#connection.trouble;
  }

  get inBulk(): UserPool {
    return new CognitoUserPool(this.#connection, { ...this.#manner, urgency: 'bulk' });
  }

  get anew(): UserPool {
    return new CognitoUserPool(this.#connection, { ...this.#manner, reads: 'anew' });
  }

  get admin(): PoolAdmin {
    return new CognitoPoolAdmin(this.#connection, this.#manner.urgency);
  }

  async user(username: string): Promise<PoolUser> {
    const command = new AdminGetUserCommand({ UserPoolId: this.id, Username: username });
    const { UserAttributes, ...user } = await this.#read('UserRead', `user ${username}`, (client) =>
      client.send(command),
    );
    return poolUser({ ...user, Attributes: UserAttributes });
  }

  async userOfSubject(subject: string): Promise<PoolUser> {
    const quoted = subject.replace(/["\\]/g, '\\$&');
    const command = new ListUsersCommand({ UserPoolId: this.id, Filter: `sub = "${quoted}"` });
    const { Users = [] } = await this.#read('UserList', `subject ${subject}`, (client) =>
      client.send(command),
    );
    const [found] = Users;
    if (found === undefined) throw new PoolUserNotFoundError();
    return poolUser(found);
  }

  async page(next: string | undefined): Promise<PoolUserPage> {
    const command = new ListUsersCommand({
      UserPoolId: this.id,
      Limit: PAGE_SIZE,
      ...(next === undefined ? {} : { PaginationToken: next }),
    });
    const { Users = [], PaginationToken } = await this.#read(
      'UserList',
      `page ${next ?? ''}`,
      (client) => client.send(command),
    ).catch(refusedToken(next));
    return { users: Users.map(poolUser), next: PaginationToken };
  }

  async groups(): Promise<string[]> {
    const names: string[] = [];
    let token: string | undefined;
    do {
      const command = new ListGroupsCommand({
        UserPoolId: this.id,
        Limit: PAGE_SIZE,
        ...(token === undefined ? {} : { NextToken: token }),
      });
      const { Groups = [], NextToken } = await this.#read(
        'UserPoolResourceRead',
        `groups ${token ?? ''}`,
        (client) => client.send(command),
      );
      names.push(...Groups.flatMap(({ GroupName }) => GroupName ?? []));
      token = NextToken;
    } while (token !== undefined);
    return names;
  }

  async usersIn(group: string, next: string | undefined): Promise<PoolUserPage> {
    const command = new ListUsersInGroupCommand({
      UserPoolId: this.id,
      GroupName: group,
      Limit: PAGE_SIZE,
      ...(next === undefined ? {} : { NextToken: next }),
    });
    const { Users = [], NextToken } = await this.#read(
      'UserList',
      `users in ${group} ${next ?? ''}`,
      (client) => client.send(command),
    )
      .catch(goneGroup)
      .catch(refusedToken(next));
    return { users: Users.map(poolUser), next: NextToken };
  }

  async estimatedUsers(): Promise<number> {
    const command = new DescribeUserPoolCommand({ UserPoolId: this.id });
    const { UserPool } = await this.#read('UserPoolRead', 'pool', (client) => client.send(command));
    return UserPool?.EstimatedNumberOfUsers ?? 0;
  }

  async groupsOf(username: string): Promise<string[]> {
    const names: string[] = [];
    let token: string | undefined;
    do {
      const command = new AdminListGroupsForUserCommand({
        UserPoolId: this.id,
        Username: username,
        ...(token === undefined ? {} : { NextToken: token }),
      });
      const { Groups = [], NextToken } = await this.#read(
        'UserResourceRead',
        `groups ${username} ${token ?? ''}`,
        (client) => client.send(command),
      );
      names.push(...Groups.flatMap(({ GroupName }) => GroupName ?? []));
      token = NextToken;
    } while (token !== undefined);
    return names;
  }

  disable(username: string): Promise<Date> {
    return this.#clockOf(new AdminDisableUserCommand({ UserPoolId: this.id, Username: username }));
  }

  enable(username: string): Promise<Date> {
    return this.#clockOf(new AdminEnableUserCommand({ UserPoolId: this.id, Username: username }));
  }

  signOut(username: string): Promise<Date> {
    return this.#clockOf(
      new AdminUserGlobalSignOutCommand({ UserPoolId: this.id, Username: username }),
    );
  }

  writeOwn(
    accessToken: string,
    attributes: Readonly<Record<string, string>>,
  ): Promise<readonly CodeDelivery[]> {
    return this.#connection.call({
      category: 'UserUpdate',
      urgency: this.#manner.urgency,
      send: (client) => writeOwnAttributes(client, accessToken, attributes),
    });
  }

  #read<Output>(category: QuotaCategory, name: string, send: PoolCall<Output>['send']) {
    const { urgency, reads } = this.#manner;
    return this.#connection.call({
      category,
      urgency,
      ...(reads === 'shared' && { reads: name }),
      send,
    });
  }

  /** Sends a command and answers with the pool's clock. */
  async #clockOf(
    command: AdminDisableUserCommand | AdminEnableUserCommand | AdminUserGlobalSignOutCommand,
  ): Promise<Date> {
    const clock = clockOf(command);
    await this.#connection.call({
      category: 'UserUpdate',
      urgency: this.#manner.urgency,
      send: (client) => client.send(command),
    });
    return clock();
  }
}

/** Nothing else of a list's parameters is the pool's to refuse. */
function refusedToken(next: string | undefined) {
  return (error: unknown): never => {
    const { cause } = Object(error);
    if (next !== undefined && cause instanceof InvalidParameterException)
      throw new PageTokenRefusedError(cause);
    throw error;
  };
}

function goneGroup(error: unknown): never {
  const { cause } = Object(error);
  if (cause instanceof ResourceNotFoundException) throw new PoolGroupNotFoundError(cause);
  throw error;
}
