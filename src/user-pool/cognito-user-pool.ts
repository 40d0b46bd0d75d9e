import {
  AdminDisableUserCommand,
  AdminEnableUserCommand,
  AdminGetUserCommand,
  AdminListGroupsForUserCommand,
  type AttributeType,
  CognitoIdentityProviderClient,
  ListUsersCommand,
  UserNotFoundException,
  UserStatusType,
} from '@aws-sdk/client-cognito-identity-provider';
import { PoolUnavailableError, PoolUserNotFoundError } from './errors.js';
import type { PoolUser, PoolUserPage, PoolUserStatus, UserPool } from './user-pool.js';

export interface CognitoUserPoolOptions {
  /** Such as `eu-west-1_Ab12Cd34E`; the part before `_` is the Region. */
  readonly id: string;
  /** Another implementation's address; absent: AWS. */
  readonly endpoint?: string | undefined;
  /** Absent: the SDK's default chain (environment, shared files, instance role). */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** Milliseconds after which an unanswered call counts as an outage. */
const CONNECTION_TIMEOUT = 1_000;
const REQUEST_TIMEOUT = 5_000;

/** ListUsers answers with at most this many (API reference, "ListUsers", parameter Limit). */
const PAGE_SIZE = 60;

/** A user pool through the AWS SDK, the same for Amazon Cognito and for the local pool. */
export class CognitoUserPool implements UserPool {
  readonly id: string;
  readonly #client: CognitoIdentityProviderClient;

  constructor({ id, endpoint, credentials }: CognitoUserPoolOptions) {
    this.id = id;
    this.#client = new CognitoIdentityProviderClient({
      region: id.slice(0, id.indexOf('_')),
      maxAttempts: 2,
      requestHandler: {
        connectionTimeout: CONNECTION_TIMEOUT,
        requestTimeout: REQUEST_TIMEOUT,
        throwOnRequestTimeout: true,
      },
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(credentials === undefined ? {} : { credentials }),
    });
  }

  async user(username: string): Promise<PoolUser> {
    const command = new AdminGetUserCommand({ UserPoolId: this.id, Username: username });
    const { UserAttributes, ...user } = await answered(this.#client.send(command));
    return poolUser({ ...user, Attributes: UserAttributes });
  }

  async page(next: string | undefined): Promise<PoolUserPage> {
    const command = new ListUsersCommand({
      UserPoolId: this.id,
      Limit: PAGE_SIZE,
      ...(next === undefined ? {} : { PaginationToken: next }),
    });
    const { Users = [], PaginationToken } = await answered(this.#client.send(command));
    return { users: Users.map(poolUser), next: PaginationToken };
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
      const { Groups = [], NextToken } = await answered(this.#client.send(command));
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

  close(): void {
    this.#client.destroy();
  }

  /** Sends a command and reads the pool's clock from the `Date` of the answer, in whole seconds. */
  async #clockOf(command: AdminDisableUserCommand | AdminEnableUserCommand): Promise<Date> {
    let date: string | undefined;
    command.middlewareStack.add(
      (next) => async (args) => {
        const result = await next(args);
        const { response } = result;
        if (isHttpResponse(response)) date = response.headers.date;
        return result;
      },
      { step: 'deserialize', priority: 'low' },
    );
    await answered(this.#client.send(command));
    const time = date === undefined ? Number.NaN : Date.parse(date);
    return Number.isNaN(time) ? new Date() : new Date(time);
  }
}

function isHttpResponse(value: unknown): value is { headers: Record<string, string> } {
  return typeof value === 'object' && value !== null && 'headers' in value;
}

async function answered<Output>(call: Promise<Output>): Promise<Output> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof UserNotFoundException) throw new PoolUserNotFoundError(error);
    throw new PoolUnavailableError(error);
  }
}

interface UserDescription {
  readonly Username?: string | undefined;
  readonly Attributes?: AttributeType[] | undefined;
  readonly UserCreateDate?: Date | undefined;
  readonly UserLastModifiedDate?: Date | undefined;
  readonly Enabled?: boolean | undefined;
  readonly UserStatus?: UserStatusType | undefined;
}

/** @throws PoolUnavailableError for an answer that lacks what the API reference promises. */
function poolUser(description: UserDescription): PoolUser {
  const { Username, Attributes = [], UserCreateDate, UserLastModifiedDate } = description;
  const { sub, ...attributes } = Object.fromEntries(
    Attributes.map(({ Name = '', Value = '' }) => [Name, Value]),
  );
  if (!Username || !sub || !UserCreateDate || !UserLastModifiedDate)
    throw new PoolUnavailableError(new Error('A user lacks its name, sub or dates.'));
  return {
    subject: sub,
    username: Username,
    attributes,
    status: statusOf(description.UserStatus),
    enabled: description.Enabled ?? true,
    createdAt: UserCreateDate,
    modifiedAt: UserLastModifiedDate,
  };
}

function statusOf(status: string | undefined): PoolUserStatus {
  return Object.values(UserStatusType).find((known) => known === status) ?? 'UNKNOWN';
}
