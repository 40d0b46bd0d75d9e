import type { FilterQuery } from '@mikro-orm/core';
import { User } from '../../directory/index.js';
import {
  type KeysetList,
  type KeysetOrder,
  OrderDirection,
} from '../../graphql/pagination/index.js';
import type { Context } from '../../request/context.js';
import { conditionsOf, searchViewOf, timesOf } from './user-conditions.js';
import type { UserFilter } from './user-filter.inputs.js';
import { type UserOrder, UserOrderField } from './user-order.inputs.js';

const OLDEST_FIRST: UserOrder = {
  field: UserOrderField.CREATED_AT,
  direction: OrderDirection.ASC,
};

/** The column of each order; each has an index with the id. */
const PROPERTIES = {
  CREATED_AT: 'createdAt',
  NAME: 'listedName',
  EMAIL: 'listedEmail',
  LAST_SEEN_AT: 'listedLastSeenAt',
  POOL_MODIFIED_AT: 'listedPoolModifiedAt',
} as const satisfies Record<UserOrderField, KeysetOrder<User>['by']>;

export interface UserListInput {
  readonly filter: UserFilter | undefined;
  readonly orderBy: UserOrder | undefined;
}

/**
 * The list that a viewer asks for, as they may see it.
 * @throws BadUserInputError for a filter's values that cannot be looked for.
 */
export function userList(
  { filter = {}, orderBy = OLDEST_FIRST }: UserListInput,
  { viewer, app }: Context,
): KeysetList<User> {
  const by = PROPERTIES[orderBy.field];
  const times = timesOf(filter);
  const conditions = [
    ...conditionsOf(filter, searchViewOf(viewer, app.config)),
    ...times.filter(([property]) => property !== by).map(([, condition]) => condition),
  ];
  return {
    entity: User,
    // The index of the order has its beginning and its end there.
    where: allOf(times.filter(([property]) => property === by).map(([, condition]) => condition)),
    filter: conditions.length === 0 ? undefined : allOf(conditions),
    orderBy: { by, direction: orderBy.direction === OrderDirection.ASC ? 'asc' : 'desc' },
  };
}

function allOf(conditions: readonly FilterQuery<User>[]): FilterQuery<User> {
  return conditions.length === 0 ? {} : { $and: [...conditions] };
}
