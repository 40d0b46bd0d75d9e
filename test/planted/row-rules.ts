import { Collection, OptionalProps, type Ref } from '@mikro-orm/core';
import { Entity, Index, ManyToOne, OneToMany } from '@mikro-orm/decorators/legacy';
import { Arg, Args, Ctx, ID, Int, ObjectType, Query, Resolver } from 'type-graphql';
import { Authorized, Members, Owner, Tenant } from '../../src/auth/authorized.js';
import { STAFF } from '../../src/auth/role.js';
import { BaseEntity, Node } from '../../src/database/base-entity.js';
import { withoutRowRules } from '../../src/database/row-view.js';
import { User } from '../../src/directory/index.js';
import {
  type Connection,
  connectionOf,
  keysetPage,
  PageArgs,
} from '../../src/graphql/pagination/index.js';
import { uuidOf } from '../../src/graphql/uuid.js';
import type { Context } from '../../src/request/context.js';
import type { Feature } from '../../src/request/feature.js';

@Authorized({ roles: [...STAFF], owner: true, scopes: [['orders/read']] })
@ObjectType({ implements: [Node, BaseEntity], description: 'An order.' })
@Entity({ tableName: 'order' })
@Index({ properties: ['customer', 'createdAt', 'id'] })
export class Order extends BaseEntity {
  [OptionalProps]?: 'customer';

  @Owner()
  @ManyToOne({ entity: () => User, ref: true, deleteRule: 'cascade' })
  customer!: Ref<User>;
}

@Authorized({ owner: true })
@ObjectType({ implements: [Node, BaseEntity] })
@Entity({ tableName: 'order_item' })
export class OrderItem extends BaseEntity {
  @Owner()
  @ManyToOne({ entity: () => Order, ref: true, deleteRule: 'cascade', index: true })
  order!: Ref<Order>;
}

@Authorized({ owner: true })
@ObjectType({ implements: [Node, BaseEntity] })
@Entity({ tableName: 'organisation' })
export class Organisation extends BaseEntity {
  @Members()
  @OneToMany({ entity: () => Membership, mappedBy: 'organisation' })
  memberships = new Collection<Membership>(this);
}

@Entity({ tableName: 'membership' })
export class Membership extends BaseEntity {
  @Tenant()
  @ManyToOne({ entity: () => Organisation, ref: true, index: true })
  organisation!: Ref<Organisation>;

  @ManyToOne({ entity: () => User, ref: true, deleteRule: 'cascade' })
  user!: Ref<User>;
}

@Authorized({ owner: true })
@ObjectType({ implements: [Node, BaseEntity] })
@Entity({ tableName: 'project' })
export class Project extends BaseEntity {
  @Tenant() // on a relation to the organisation, or to another entity that has a @Tenant()
  @ManyToOne({ entity: () => Organisation, ref: true, index: true })
  organisation!: Ref<Organisation>;
}

const OrderConnection = connectionOf(Order, 'Order');

@Resolver()
class OrdersResolver {
  @Authorized({ clients: true })
  @Query(() => OrderConnection)
  async orders(
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: Context,
  ): Promise<Connection<Order>> {
    // biome-ignore format: as it stands in the documentation
    const page = await keysetPage(context, { entity: Order, where: {}, orderBy: { by: 'createdAt', direction: 'desc' } }, args);
    return page;
  }

  @Authorized({ clients: true })
  @Query(() => Order)
  async order(@Arg('id', () => ID) id: string, @Ctx() context: Context): Promise<Order> {
    const order = await context.em.findOneOrFail(Order, uuidOf('id', id)); // NOT_FOUND for what is not theirs
    return order;
  }

  @Authorized()
  @Query(() => Int)
  items(@Ctx() { em }: Context): Promise<number> {
    return em.count(OrderItem);
  }

  @Authorized()
  @Query(() => [Project])
  projects(@Ctx() { em }: Context): Promise<Project[]> {
    return em.find(Project, {});
  }

  @Authorized()
  @Query(() => [Organisation])
  organisations(@Ctx() { em }: Context): Promise<Organisation[]> {
    return em.find(Organisation, {});
  }

  @Authorized()
  @Query(() => Int)
  late(@Ctx() { app }: Context): Promise<number> {
    const em = withoutRowRules(app.orm.em, 'the reminder is sent to whoever is late');
    return em.count(Order);
  }
}

/** The entities of docs/row-rules.md. */
export const rowRules: Feature = {
  resolvers: [OrdersResolver],
  entities: [Order, OrderItem, Organisation, Membership, Project],
};
