import { Arg, Ctx, Field, ID, Mutation, ObjectType, Resolver } from 'type-graphql';
import { Authorized } from '../../src/auth/authorized.js';
import { withoutRowRules } from '../../src/database/row-view.js';
import type { Context } from '../../src/request/context.js';
import { Order, OrderStatus } from './orders.js';

@ObjectType()
class ShipAnyOrderPayload {
  @Field(() => Order)
  order!: Order;
}

/** The mistake: past the rules of the rows, and nobody asks whose a row is. */
@Resolver()
export class CarelessResolver {
  @Authorized()
  @Mutation(() => ShipAnyOrderPayload)
  async shipAnyOrder(
    @Arg('id', () => ID) id: string,
    @Ctx() { app }: Context,
  ): Promise<ShipAnyOrderPayload> {
    const em = withoutRowRules(app.orm.em, 'a mistake that is to be found');
    const order = await em.findOneOrFail(Order, { id });
    order.status = OrderStatus.SHIPPED;
    order.note = 'shipped';
    await em.flush();
    return { order };
  }

  @Authorized()
  @Mutation(() => Boolean)
  async dropAnyOrder(@Arg('id', () => ID) id: string, @Ctx() { app }: Context): Promise<boolean> {
    const em = withoutRowRules(app.orm.em, 'a mistake that is to be found');
    return (await em.nativeDelete(Order, { id })) > 0;
  }
}
