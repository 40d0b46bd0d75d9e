import type { PoolAdmin } from './pool-admin.js';

/** Cognito's `UserStatus`, see "UserType" in the Amazon Cognito user pools API reference. */
export const POOL_USER_STATUSES = [
  'UNCONFIRMED',
  'CONFIRMED',
  'ARCHIVED',
  'COMPROMISED',
  'UNKNOWN',
  'RESET_REQUIRED',
  'FORCE_CHANGE_PASSWORD',
  'EXTERNAL_PROVIDER',
] as const;

export type PoolUserStatus = (typeof POOL_USER_STATUSES)[number];

/** A user as the pool tells it; groups come from an operation of their own. */
export interface PoolUser {
  readonly subject: string;
  readonly username: string;
  /** By Cognito's names; `sub` excepted. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly status: PoolUserStatus;
  readonly enabled: boolean;
  readonly createdAt: Date;
  readonly modifiedAt: Date;
}

export interface PoolUserPage {
  readonly users: readonly PoolUser[];
  /** Absent on the last page. */
  readonly next: string | undefined;
}

/** `outage`: calls fail without being sent; `throttling`: they wait, since there were too many. */
export type PoolTrouble = 'outage' | 'throttling';

/** A code that the pool has sent: the address counts as its user's once the code comes back. */
export interface CodeDelivery {
  /** Cognito's name, such as `email`. */
  readonly attribute: string;
  /** Masked by the pool. */
  readonly destination: string;
  readonly medium: 'EMAIL' | 'SMS';
}

/**
 * What the server asks of one user pool. Every method throws `PoolUserNotFoundError` for an unknown
 * user and `UnavailableError` while the pool is out of reach, throttles or refuses our credentials.
 */
export interface UserPool {
  readonly id: string;
  /** What keeps answers of the pool back just now, as far as this server has seen. */
  readonly trouble: PoolTrouble | undefined;
  /** The same pool for work that nobody waits for: its calls stay behind all others, and few. */
  readonly inBulk: UserPool;
  /** The same pool, whose reads share no answer with reads that began before them. */
  readonly anew: UserPool;
  /** What administrators do there. */
  readonly admin: PoolAdmin;
  /** AdminGetUser. */
  user(username: string): Promise<PoolUser>;
  /** ListUsers by `sub`. */
  userOfSubject(subject: string): Promise<PoolUser>;
  /** ListUsers, 60 a page. @throws PageTokenRefusedError */
  page(next: string | undefined): Promise<PoolUserPage>;
  /** ListGroups, all pages: the names of the pool's groups. */
  groups(): Promise<string[]>;
  /**
   * ListUsersInGroup, 60 a page.
   * @throws PoolGroupNotFoundError, PageTokenRefusedError
   */
  usersIn(group: string, next: string | undefined): Promise<PoolUserPage>;
  /** DescribeUserPool: how many users the pool has, by its own estimate. */
  estimatedUsers(): Promise<number>;
  /** AdminListGroupsForUser, all pages. */
  groupsOf(username: string): Promise<string[]>;
  /** AdminDisableUser; answers with the pool's clock. */
  disable(username: string): Promise<Date>;
  /** AdminEnableUser; answers with the pool's clock. */
  enable(username: string): Promise<Date>;
  /** AdminUserGlobalSignOut; answers with the pool's clock. */
  signOut(username: string): Promise<Date>;
  /**
   * UpdateUserAttributes with the user's own access token, so that the pool itself decides what users of the
   * token's app client may write; an empty value removes an attribute.
   * @throws OwnAttributesError where the pool does not take it.
   */
  writeOwn(
    accessToken: string,
    attributes: Readonly<Record<string, string>>,
  ): Promise<readonly CodeDelivery[]>;
}
