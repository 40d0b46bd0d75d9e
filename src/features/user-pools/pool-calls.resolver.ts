import { Ctx, Field, Float, Int, ObjectType, Query, Resolver } from 'type-graphql';
import { Authorized } from '../../auth/authorized.js';
import { Role } from '../../auth/role.js';
import type { Context } from '../../request/context.js';

@Authorized({ roles: [Role.ADMIN] })
@ObjectType({
  description: 'Calls to user pools of one quota category, since this server started.',
})
class PoolCalls {
  @Field(() => String, { description: 'The Region, whose quotas all pools of the account share.' })
  readonly region!: string;

  @Field(() => String, { description: 'As AWS calls it, such as `UserRead`.' })
  readonly category!: string;

  @Field(() => Float, { description: 'What all servers of this database together may send.' })
  readonly perSecond!: number;

  @Field(() => Float, {
    description:
      'What this server sends at most just now where nobody waits for it: less after throttled answers.',
  })
  readonly bulkPerSecond!: number;

  @Field(() => Int)
  readonly sent!: number;

  @Field(() => Int, { description: 'Answered with TooManyRequestsException.' })
  readonly throttled!: number;

  @Field(() => Int, { description: 'Not sent yet.' })
  readonly waiting!: number;

  @Field(() => Int, { description: 'Not answered yet.' })
  readonly underWay!: number;
}

@Resolver()
export class PoolCallsResolver {
  @Authorized({ roles: [Role.ADMIN] })
  @Query(() => [PoolCalls], { description: 'How much of the quotas this server uses.' })
  poolCalls(@Ctx() { app }: Context): PoolCalls[] {
    return app.callBudgets.flatMap((budget) => budget.counts());
  }
}
