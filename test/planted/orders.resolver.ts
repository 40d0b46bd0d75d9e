import { setTimeout as sleep } from 'node:timers/promises';
import type { FilterQuery } from '@mikro-orm/core';
import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Mutation,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { Authorized } from '../../src/auth/authorized.js';
import { Role, STAFF } from '../../src/auth/role.js';
import { personOf, type Viewer } from '../../src/auth/viewer.js';
import { NotFoundError } from '../../src/errors.js';
import {
  type Connection,
  connectionOf,
  keysetPage,
  PageArgs,
} from '../../src/graphql/pagination/index.js';
import { uuidOf } from '../../src/graphql/uuid.js';
import type { Context } from '../../src/request/context.js';
import type { Feature } from '../../src/request/feature.js';
import { CarelessResolver } from './careless.resolver.js';
import { Order, OrderStatus, Product } from './orders.js';

const OrderConnection = connectionOf(Order, 'Order');

@InputType()
class CreateOrderInput {
  @Field(() => ID)
  productId!: string;

  @Field(() => String)
  total!: string;
}

@InputType()
class UpdateOrderInput {
  @Field(() => ID)
  id!: string;

  @Field(() => String, { nullable: true })
  note?: string | null;

  @Authorized({ roles: [Role.ADMIN] })
  @Field(() => OrderStatus, { nullable: true })
  status?: OrderStatus | null;
}

@InputType()
class DeleteOrderInput {
  @Field(() => ID)
  id!: string;
}

@ObjectType()
class OrderPayload {
  @Field(() => Order)
  order!: Order;
}

@ObjectType()
class DeleteOrderPayload {
  @Field(() => ID)
  id!: string;
}

@Resolver(() => Order)
class OrdersResolver {
  @Authorized()
  @Query(() => Order, { nullable: true })
  order(@Arg('id', () => ID) id: string, @Ctx() context: Context): Promise<Order | null> {
    return context.em.findOne(Order, { id: uuidOf('id', id), ...seenBy(context.viewer) });
  }

  @Authorized()
  @Query(() => OrderConnection)
  orders(
    @Args(() => PageArgs) page: PageArgs,
    @Ctx() context: Context,
  ): Promise<Connection<Order>> {
    const where: FilterQuery<Order> = seenBy(context.viewer);
    return keysetPage(
      context,
      { entity: Order, where, orderBy: { by: 'id', direction: 'asc' } },
      page,
    );
  }

  /** The mistake: a statement for each order. */
  @FieldResolver(() => Product)
  product(@Root() order: Order, @Ctx() { em }: Context): Promise<Product> {
    return em.findOneOrFail(Product, { id: order.product.id });
  }

  /** Begins work that is no request's: what it repeats holds up no answer. */
  @Authorized()
  @Query(() => Boolean)
  async stocktaking(@Ctx() { app }: Context): Promise<boolean> {
    const em = app.orm.em.fork();
    const counting = (async () => {
      for (let time = 0; time < 10; time++) await em.count(Product, {});
    })();
    // Some of it is done by the time of the answer.
    await em.fork().count(Product, {});
    await Promise.race([counting, sleep(50)]);
    return true;
  }

  @Authorized()
  @Mutation(() => OrderPayload)
  async createOrder(
    @Arg('input', () => CreateOrderInput) input: CreateOrderInput,
    @Ctx() { em, viewer }: Context,
  ): Promise<OrderPayload> {
    const product = await em.findOne(Product, { id: uuidOf('input.productId', input.productId) });
    if (product === null) throw new NotFoundError('There is no such product.');
    const customer = personOf(viewer).userId;
    const order = em.create(Order, { customer, product, total: input.total, quantity: 1 });
    await em.flush();
    return { order };
  }

  @Authorized()
  @Mutation(() => OrderPayload)
  async updateOrder(
    @Arg('input', () => UpdateOrderInput) { id, note, status }: UpdateOrderInput,
    @Ctx() context: Context,
  ): Promise<OrderPayload> {
    const order = await ownOrder(id, context);
    if (note !== undefined) order.note = note;
    order.status = status ?? order.status;
    await context.em.flush();
    return { order };
  }

  @Authorized()
  @Mutation(() => DeleteOrderPayload)
  async deleteOrder(
    @Arg('input', () => DeleteOrderInput) { id }: DeleteOrderInput,
    @Ctx() context: Context,
  ): Promise<DeleteOrderPayload> {
    await context.em.remove(await ownOrder(id, context)).flush();
    return { id };
  }
}

async function ownOrder(id: string, { em, viewer }: Context): Promise<Order> {
  const order = await em.findOne(Order, { id: uuidOf('input.id', id), ...seenBy(viewer) });
  if (order === null) throw new NotFoundError('There is no such order.');
  return order;
}

/** Staff see everybody's. */
function seenBy(viewer: Viewer): FilterQuery<Order> & object {
  const person = personOf(viewer);
  return STAFF.some((role) => person.roles.has(role)) ? {} : { customer: person.userId };
}

export const orders: Feature = {
  resolvers: [OrdersResolver, CarelessResolver],
  entities: [Order, Product],
};
