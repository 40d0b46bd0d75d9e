import type { GroupType } from '@aws-sdk/client-cognito-identity-provider';
import { allGroups } from './all-groups.js';
import { attributeList } from './attribute-list.js';
import { PoolGroupNotFoundError, PoolUnavailableError } from './errors.js';
import type { GroupSettings, Invitation, InvitedUser, PoolAdmin, PoolGroup } from './pool-admin.js';
import { timed } from './pool-clock.js';
import type { PoolCall, PoolConnection, PoolSdk } from './pool-connection.js';
import { isPoolException } from './pool-exception.js';
import { throwRefusal } from './pool-refusal.js';
import { poolUser } from './pool-user.js';
import { PAGE_SIZE, type QuotaCategory, type Urgency } from './quotas.js';

/** The operations of administrators through the AWS SDK. */
export class CognitoPoolAdmin implements PoolAdmin {
  readonly #connection: PoolConnection;
  readonly #urgency: Urgency;

  constructor(connection: PoolConnection, urgency: Urgency) {
    this.#connection = connection;
    this.#urgency = urgency;
  }

  async invite({ username, attributes, message }: Invitation): Promise<InvitedUser> {
    const input = {
      ...this.#of(username),
      UserAttributes: attributeList(attributes),
      ...(message === 'NONE'
        ? { MessageAction: 'SUPPRESS' as const }
        : { DesiredDeliveryMediums: [message] }),
    };
    const { User } = await this.#call('UserCreation', (sdk, client) =>
      client.send(new sdk.AdminCreateUserCommand(input)),
    );
    if (User === undefined) throw new PoolUnavailableError(new Error('The new user is missing.'));
    return poolUser(User);
  }

  resendInvitation(username: string): Promise<Date> {
    const input = { ...this.#of(username), MessageAction: 'RESEND' as const };
    return this.#timed('UserCreation', (sdk) => new sdk.AdminCreateUserCommand(input));
  }

  updateAttributes(username: string, attributes: Readonly<Record<string, string>>): Promise<Date> {
    const input = { ...this.#of(username), UserAttributes: attributeList(attributes) };
    return this.#timed('UserUpdate', (sdk) => new sdk.AdminUpdateUserAttributesCommand(input));
  }

  resetPassword(username: string): Promise<Date> {
    const input = this.#of(username);
    return this.#timed(
      'UserAccountRecovery',
      (sdk) => new sdk.AdminResetUserPasswordCommand(input),
    );
  }

  setTemporaryPassword(username: string, Password: string): Promise<Date> {
    const input = { ...this.#of(username), Password };
    return this.#timed('UserAccountRecovery', (sdk) => new sdk.AdminSetUserPasswordCommand(input));
  }

  remove(username: string): Promise<Date> {
    const input = this.#of(username);
    return this.#timed('UserUpdate', (sdk) => new sdk.AdminDeleteUserCommand(input));
  }

  addToGroup(username: string, GroupName: string): Promise<Date> {
    const input = { ...this.#of(username), GroupName };
    return this.#timed('UserUpdate', (sdk) => new sdk.AdminAddUserToGroupCommand(input));
  }

  removeFromGroup(username: string, GroupName: string): Promise<Date> {
    const input = { ...this.#of(username), GroupName };
    return this.#timed('UserUpdate', (sdk) => new sdk.AdminRemoveUserFromGroupCommand(input));
  }

  async group(GroupName: string): Promise<PoolGroup> {
    const input = { UserPoolId: this.#connection.id, GroupName };
    const { Group } = await this.#call('UserPoolResourceRead', (sdk, client) =>
      client.send(new sdk.GetGroupCommand(input)),
    );
    return poolGroup(Group ?? {});
  }

  async groups(): Promise<PoolGroup[]> {
    const groups = await allGroups((from) => {
      const input = { UserPoolId: this.#connection.id, Limit: PAGE_SIZE, ...from };
      return this.#call('UserPoolResourceRead', (sdk, client) =>
        client.send(new sdk.ListGroupsCommand(input)),
      );
    });
    return groups.map(poolGroup);
  }

  createGroup(name: string, settings: GroupSettings): Promise<Date> {
    const input = this.#group(name, settings);
    return this.#timed('UserPoolResourceUpdate', (sdk) => new sdk.CreateGroupCommand(input));
  }

  updateGroup(name: string, settings: GroupSettings): Promise<Date> {
    const input = this.#group(name, settings);
    return this.#timed('UserPoolResourceUpdate', (sdk) => new sdk.UpdateGroupCommand(input));
  }

  deleteGroup(name: string): Promise<Date> {
    const input = this.#group(name, {});
    return this.#timed('UserPoolResourceUpdate', (sdk) => new sdk.DeleteGroupCommand(input));
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

  #timed(category: QuotaCategory, command: (sdk: PoolSdk) => object): Promise<Date> {
    return timed(command, (send) => this.#call(category, send));
  }

  async #call<Output>(category: QuotaCategory, send: PoolCall<Output>['send']): Promise<Output> {
    try {
      return await this.#connection.call({
        category,
        urgency: this.#urgency,
        send: (sdk, client) => send(sdk, client).catch(throwRefusal),
      });
    } catch (error) {
      // The pool is there: what is missing is the group.
      if (isPoolException(Object(error).cause, 'ResourceNotFoundException'))
        throw new PoolGroupNotFoundError(error);
      throw error;
    }
  }
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
