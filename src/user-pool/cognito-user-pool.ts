import type { GroupType } from '@aws-sdk/client-cognito-identity-provider';
import { allGroups } from './all-groups.js';
import { attributeList } from './attribute-list.js';
import { CognitoPoolAdmin } from './cognito-pool-admin.js';
import { PageTokenRefusedError, PoolGroupNotFoundError, PoolUserNotFoundError } from './errors.js';
import { writeOwnAttributes } from './own-attributes.js';
import type { PoolAdmin } from './pool-admin.js';
import { timed } from './pool-clock.js';
import type { PoolCall, PoolConnection, PoolSdk } from './pool-connection.js';
import { isPoolException } from './pool-exception.js';
import { poolUser } from './pool-user.js';
import { PAGE_SIZE, type QuotaCategory, type Urgency } from './quotas.js';
import type { CodeDelivery, PoolTrouble, PoolUser, PoolUserPage, UserPool } from './user-pool.js';

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
    const input = { UserPoolId: this.id, Username: username };
    const { UserAttributes, ...user } = await this.#read(
      'UserRead',
      `user ${username}`,
      (sdk, client) => client.send(new sdk.AdminGetUserCommand(input)),
    );
    return poolUser({ ...user, Attributes: UserAttributes });
  }

  async userOfSubject(subject: string): Promise<PoolUser> {
    const quoted = subject.replace(/["\\]/g, '\\$&');
    const input = { UserPoolId: this.id, Filter: `sub = "${quoted}"` };
    const { Users = [] } = await this.#read('UserList', `subject ${subject}`, (sdk, client) =>
      client.send(new sdk.ListUsersCommand(input)),
    );
    const [found] = Users;
    if (found === undefined) throw new PoolUserNotFoundError();
    return poolUser(found);
  }

  async page(next: string | undefined): Promise<PoolUserPage> {
    const input = {
      UserPoolId: this.id,
      Limit: PAGE_SIZE,
      ...(next === undefined ? {} : { PaginationToken: next }),
    };
    const { Users = [], PaginationToken } = await this.#read(
      'UserList',
      `page ${next ?? ''}`,
      (sdk, client) => client.send(new sdk.ListUsersCommand(input)),
    ).catch(refusedToken(next));
    return { users: Users.map(poolUser), next: PaginationToken };
  }

  async groups(): Promise<string[]> {
    const groups = await allGroups((from) => {
      const input = { UserPoolId: this.id, Limit: PAGE_SIZE, ...from };
      return this.#read('UserPoolResourceRead', `groups ${from.NextToken ?? ''}`, (sdk, client) =>
        client.send(new sdk.ListGroupsCommand(input)),
      );
    });
    return groups.flatMap(nameOf);
  }

  async usersIn(group: string, next: string | undefined): Promise<PoolUserPage> {
    const input = {
      UserPoolId: this.id,
      GroupName: group,
      Limit: PAGE_SIZE,
      ...(next === undefined ? {} : { NextToken: next }),
    };
    const { Users = [], NextToken } = await this.#read(
      'UserList',
      `users in ${group} ${next ?? ''}`,
      (sdk, client) => client.send(new sdk.ListUsersInGroupCommand(input)),
    )
      .catch(goneGroup)
      .catch(refusedToken(next));
    return { users: Users.map(poolUser), next: NextToken };
  }

  async estimatedUsers(): Promise<number> {
    const { UserPool } = await this.#read('UserPoolRead', 'pool', (sdk, client) =>
      client.send(new sdk.DescribeUserPoolCommand({ UserPoolId: this.id })),
    );
    return UserPool?.EstimatedNumberOfUsers ?? 0;
  }

  async groupsOf(username: string): Promise<string[]> {
    const groups = await allGroups((from) => {
      const input = { UserPoolId: this.id, Username: username, ...from };
      return this.#read(
        'UserResourceRead',
        `groups ${username} ${from.NextToken ?? ''}`,
        (sdk, client) => client.send(new sdk.AdminListGroupsForUserCommand(input)),
      );
    });
    return groups.flatMap(nameOf);
  }

  disable(Username: string): Promise<Date> {
    const input = { UserPoolId: this.id, Username };
    return this.#timed((sdk) => new sdk.AdminDisableUserCommand(input));
  }

  enable(Username: string): Promise<Date> {
    const input = { UserPoolId: this.id, Username };
    return this.#timed((sdk) => new sdk.AdminEnableUserCommand(input));
  }

  signOut(Username: string): Promise<Date> {
    const input = { UserPoolId: this.id, Username };
    return this.#timed((sdk) => new sdk.AdminUserGlobalSignOutCommand(input));
  }

  writeOwn(
    accessToken: string,
    attributes: Readonly<Record<string, string>>,
  ): Promise<readonly CodeDelivery[]> {
    const input = { AccessToken: accessToken, UserAttributes: attributeList(attributes) };
    return this.#connection.call({
      category: 'UserUpdate',
      urgency: this.#manner.urgency,
      send: (sdk, client) => writeOwnAttributes(client, new sdk.UpdateUserAttributesCommand(input)),
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

  #timed(command: (sdk: PoolSdk) => object): Promise<Date> {
    return timed(command, (send) =>
      this.#connection.call({ category: 'UserUpdate', urgency: this.#manner.urgency, send }),
    );
  }
}

function nameOf({ GroupName }: GroupType): string | [] {
  return GroupName ?? [];
}

/** Nothing else of a list's parameters is the pool's to refuse. */
function refusedToken(next: string | undefined) {
  return (error: unknown): never => {
    const { cause } = Object(error);
    if (next !== undefined && isPoolException(cause, 'InvalidParameterException'))
      throw new PageTokenRefusedError(cause);
    throw error;
  };
}

function goneGroup(error: unknown): never {
  const { cause } = Object(error);
  if (isPoolException(cause, 'ResourceNotFoundException')) throw new PoolGroupNotFoundError(cause);
  throw error;
}
