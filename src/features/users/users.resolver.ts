import type { QueryOrderMap } from '@mikro-orm/core';
import { Arg, Args, Ctx, ID, Query, Resolver } from 'type-graphql';
import { Authorized } from '../../auth/authorized.js';
import { Role, STAFF } from '../../auth/role.js';
import { personOf } from '../../auth/viewer.js';
import { Identity, User } from '../../directory/index.js';
import {
  type Connection,
  connectionOf,
  keysetPage,
  PageArgs,
} from '../../graphql/pagination/index.js';
import { uuidOf } from '../../graphql/uuid.js';
import type { Context } from '../../request/context.js';
import { OrderDirection, UserOrder, UserOrderField } from './users.inputs.js';

const UserConnection = connectionOf(User, 'User');
const OLDEST_FIRST: UserOrder = {
  field: UserOrderField.CREATED_AT,
  direction: OrderDirection.ASC,
};

@Resolver()
export class UsersResolver {
  @Authorized()
  @Query(() => User, { description: 'The signed-in person.' })
  me(@Ctx() { em, viewer }: Context): Promise<User> {
    return em.findOneOrFail(User, { id: personOf(viewer).userId });
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
    const identity = await em.findOne(
      Identity,
      { subject, deletedAt: null },
      { populate: ['user'], strategy: 'joined' },
    );
    return identity?.user.unwrap() ?? null;
  }

  @Authorized({ roles: [...STAFF, Role.MEMBER] })
  @Query(() => UserConnection, { description: 'All users, a page at a time.' })
  users(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('orderBy', () => UserOrder, { nullable: true }) orderBy: UserOrder | undefined,
    @Ctx() context: Context,
  ): Promise<Connection<User>> {
    return keysetPage(
      context,
      { entity: User, where: {}, orderBy: keysetOf(orderBy ?? OLDEST_FIRST) },
      page,
    );
  }
}

function keysetOf({ direction }: UserOrder): QueryOrderMap<User>[] {
  return [{ createdAt: direction }, { id: direction }];
}
