import { Arg, Args, Ctx, ID, Query, Resolver } from 'type-graphql';
import { Authorized } from '../../auth/authorized.js';
import { Role, STAFF } from '../../auth/role.js';
import { personOf } from '../../auth/viewer.js';
import { Identity, User, viewersOf } from '../../directory/index.js';
import { isStorable } from '../../graphql/checked-input.js';
import {
  type Connection,
  connectionOf,
  keysetPage,
  PageArgs,
} from '../../graphql/pagination/index.js';
import { uuidOf } from '../../graphql/uuid.js';
import type { Context } from '../../request/context.js';
import { neededFor, warnOfUnread } from './unread-accounts.js';
import { UserFilter } from './user-filter.inputs.js';
import { userList } from './user-list.js';
import { UserOrder } from './user-order.inputs.js';

const UserConnection = connectionOf(User, 'User');
@Resolver()
export class UsersResolver {
  @Authorized()
  @Query(() => User, { description: 'The signed-in person.' })
  me(@Ctx() { app, viewer }: Context): User {
    return viewersOf(app).userOf(personOf(viewer));
  }

  @Authorized({ roles: [...STAFF, Role.MEMBER], self: 'id' })
  @Query(() => User, { nullable: true, description: 'The user of this id, or null.' })
  user(@Arg('id', () => ID) id: string, @Ctx() { em }: Context): Promise<User | null> {
    return em.findOne(User, { id: uuidOf('id', id) });
  }

  @Authorized({ roles: [...STAFF, Role.MEMBER], self: 'subject' })
  @Query(() => User, {
    nullable: true,
    description: 'The user whose account has this `sub` at a pool, or null.',
  })
  async userBySubject(
    @Arg('subject', () => ID) subject: string,
    @Ctx() { em }: Context,
  ): Promise<User | null> {
    if (!isStorable(subject)) return null;
    const identity = await em.findOne(
      Identity,
      { subject, deletedAt: null },
      { populate: ['user'], strategy: 'joined' },
    );
    return identity?.user.unwrap() ?? null;
  }

  @Authorized({ roles: [...STAFF, Role.MEMBER] })
  @Query(() => UserConnection, {
    description:
      'Users, a page at a time, the oldest first unless ordered otherwise. What a filter or order could not know of some of them is said in `extensions.warnings`.',
  })
  async users(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => UserFilter, { nullable: true }) filter: UserFilter | null | undefined,
    @Arg('orderBy', () => UserOrder, { nullable: true }) orderBy: UserOrder | null | undefined,
    @Ctx() context: Context,
  ): Promise<Connection<User>> {
    const input = { filter: filter ?? undefined, orderBy: orderBy ?? undefined };
    const list = userList(input, context);
    const [connection] = await Promise.all([
      keysetPage(context, list, page),
      warnOfUnread(neededFor(input), context),
    ]);
    return connection;
  }
}
