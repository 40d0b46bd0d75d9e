import type { AttributeType } from '@aws-sdk/client-cognito-identity-provider';
import { PoolUnavailableError } from './errors.js';
import { POOL_USER_STATUSES, type PoolUser, type PoolUserStatus } from './user-pool.js';

interface UserDescription {
  readonly Username?: string | undefined;
  readonly Attributes?: AttributeType[] | undefined;
  readonly UserCreateDate?: Date | undefined;
  readonly UserLastModifiedDate?: Date | undefined;
  readonly Enabled?: boolean | undefined;
  readonly UserStatus?: string | undefined;
}

/** @throws PoolUnavailableError for an answer that lacks what the API reference promises. */
export function poolUser(description: UserDescription): PoolUser {
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
  return POOL_USER_STATUSES.find((known) => known === status) ?? 'UNKNOWN';
}
