import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminDeleteUserCommand,
  AdminRemoveUserFromGroupCommand,
  AdminResetUserPasswordCommand,
  AdminSetUserPasswordCommand,
  AdminUpdateUserAttributesCommand,
  CreateGroupCommand,
  DeleteGroupCommand,
  GetGroupCommand,
  type GroupType,
  ListGroupsCommand,
  ResourceNotFoundException,
  UpdateGroupCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { PoolGroupNotFoundError, PoolUnavailableError } from './errors.js';
import type { GroupSettings, Invitation, InvitedUser, PoolAdmin, PoolGroup } from './pool-admin.js';
import { clockOf } from './pool-clock.js';
import type { PoolCall, PoolConnection } from './pool-connection.js';
import { throwRefusal } from './pool-refusal.js';
import { poolUser } from './pool-user.js';
import type { QuotaCategory, Urgency } from './quotas.js';

/** The operations of administrators through the AWS SDK. */
export class CognitoPoolAdmin implements PoolAdmin {
  readonly #connection: PoolConnection;
  readonly #urgency: Urgency;

  constructor(connection: PoolConnection, urgency: Urgency) {
    this.#connection = connection;
    this.#urgency = urgency;
  }

  async invite({ username, attributes, message }: Invitation): Promise<InvitedUser> {
    const command = new AdminCreateUserCommand({
      ...this.#of(username),
      UserAttributes: attributesOf(attributes),
      ...(message === 'NONE'
        ? { MessageAction: 'SUPPRESS' }
        : { DesiredDeliveryMediums: [message] }),
    });
    const { User } = await this.#call('UserCreation', (client) => client.send(command));
    if (User === undefined) throw new PoolUnavailableError(new Error('The new user is missing.'));
    return poolUser(User);
  }

  resendInvitation(username: string): Promise<Date> {
    const command = new AdminCreateUserCommand({ ...this.#of(username), MessageAction: 'RESEND' });
    return this.#timed('UserCreation', command, (client) => client.send(command));
  }

  updateAttributes(username: string, attributes: Readonly<Record<string, string>>): Promise<Date> {
    const UserAttributes = attributesOf(attributes);
    const command = new AdminUpdateUserAttributesCommand({ ...this.#of(username), UserAttributes });
    return this.#timed('UserUpdate', command, (client) => client.send(command));
  }

  resetPassword(username: string): Promise<Date> {
    const command = new AdminResetUserPasswordCommand(this.#of(username));
    return this.#timed('UserAccountRecovery', command, (client) => client.send(command));
  }

  setTemporaryPassword(username: string, Password: string): Promise<Date> {
    const command = new AdminSetUserPasswordCommand({ ...this.#of(username), Password });
    return this.#timed('UserAccountRecovery', command, (client) => client.send(command));
  }

  remove(username: string): Promise<Date> {
    const command = new AdminDeleteUserCommand(this.#of(username));
    return this.#timed('UserUpdate', command, (client) => client.send(command));
  }

  addToGroup(username: string, GroupName: string): Promise<Date> {
    const command = new AdminAddUserToGroupCommand({ ...this.#of(username), GroupName });
    return this.#timed('UserUpdate', command, (client) => client.send(command));
  }

  removeFromGroup(username: string, GroupName: string): Promise<Date> {
    const command = new AdminRemoveUserFromGroupCommand({ ...this.#of(username), GroupName });
    return this.#timed('UserUpdate', command, (client) => client.send(command));
  }

  async group(GroupName: string): Promise<PoolGroup> {
    const command = new GetGroupCommand({ UserPoolId: this.#connection.id, GroupName });
    const { Group } = await this.#call('UserPoolResourceRead', (client) => client.send(command));
    return poolGroup(Group ?? {});
  }

  async groups(): Promise<PoolGroup[]> {
    const groups: PoolGroup[] = [];
    let token: string | undefined;
    do {
      const command = new ListGroupsCommand({
        UserPoolId: this.#connection.id,
        Limit: 60,
        ...(token === undefined ? {} : { NextToken: token }),
      });
      const { Groups = [], NextToken } = await this.#call('UserPoolResourceRead', (client) =>
        client.send(command),
      );
      groups.push(...Groups.map(poolGroup));
      token = NextToken;
    } while (token !== undefined);
    return groups;
  }

  createGroup(name: string, settings: GroupSettings): Promise<Date> {
    const command = new CreateGroupCommand(this.#group(name, settings));
    return this.#timed('UserPoolResourceUpdate', command, (client) => client.send(command));
  }

  updateGroup(name: string, settings: GroupSettings): Promise<Date> {
    const command = new UpdateGroupCommand(this.#group(name, settings));
    return this.#timed('UserPoolResourceUpdate', command, (client) => client.send(command));
  }

  deleteGroup(name: string): Promise<Date> {
    const command = new DeleteGroupCommand(this.#group(name, {}));
    return this.#timed('UserPoolResourceUpdate', command, (client) => client.send(command));
  }

  #of(Username: string) {
    return { UserPoolId: this.#connection.id, Username };
  }

  #group(GroupName: string, { description, precedence }: GroupSettings) {
    return {
      UserPoolId: this.#connection.id,
      GroupName,
      ...(description === undefined ? {} : { Description: description }),
      ...(precedence === undefined ? {} : { Precedence: precedence }),
    };
  }

  async #timed(
    category: QuotaCategory,
    command: object,
    send: PoolCall<unknown>['send'],
  ): Promise<Date> {
    const clock = clockOf(command);
    await this.#call(category, send);
    return clock();
  }

  async #call<Output>(category: QuotaCategory, send: PoolCall<Output>['send']): Promise<Output> {
    try {
      return await this.#connection.call({
        category,
        urgency: this.#urgency,
        send: (client) => send(client).catch(throwRefusal),
      });
    } catch (error) {
      // The pool is there: what is missing is the group.
      if (Object(error).cause instanceof ResourceNotFoundException)
        throw new PoolGroupNotFoundError(error);
      throw error;
    }
  }
}

function attributesOf(attributes: Readonly<Record<string, string>>) {
  return Object.entries(attributes).map(([Name, Value]) => ({ Name, Value }));
}

/** @throws PoolUnavailableError for an answer that lacks what the API reference promises. */
function poolGroup(described: GroupType): PoolGroup {
  const { GroupName, Description, Precedence, CreationDate, LastModifiedDate } = described;
  if (!GroupName || !CreationDate || !LastModifiedDate)
    throw new PoolUnavailableError(new Error('A group lacks its name or dates.'));
  return {
    name: GroupName,
    description: Description ?? null,
    precedence: Precedence ?? null,
    createdAt: CreationDate,
    modifiedAt: LastModifiedDate,
  };
}
