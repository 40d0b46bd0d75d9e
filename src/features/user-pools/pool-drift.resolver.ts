import { GraphQLDateTime } from 'graphql-scalars';
import {
  Ctx,
  Field,
  Float,
  Int,
  ObjectType,
  Query,
  Resolver,
  registerEnumType,
} from 'type-graphql';
import { Authorized } from '../../auth/authorized.js';
import { STAFF } from '../../auth/role.js';
import { type PoolDriftFigures, poolDrift, SweepPhase } from '../../directory/index.js';
import type { Context } from '../../request/context.js';

registerEnumType(SweepPhase, {
  name: 'SweepPhase',
  description: 'The parts of a walk through a user pool, in their order.',
  valuesConfig: {
    GROUPS: { description: 'Reads who is in which group.' },
    USERS: { description: "Reads everybody's attributes." },
    VANISHED: { description: 'Asks for each account that was not met.' },
  },
});

@Authorized({ roles: [...STAFF] })
@ObjectType({ description: 'A walk through a user pool that is under way.' })
class PoolWalk {
  @Field(() => SweepPhase)
  readonly phase!: SweepPhase;

  @Field(() => GraphQLDateTime)
  readonly startedAt!: Date;

  @Field(() => Int, { description: 'Users whose attributes it has read so far.' })
  readonly users!: number;

  @Field(() => Float, {
    nullable: true,
    description: "Those as a part of all by the pool's estimate, from 0 to 1.",
  })
  readonly share!: number | null;
}

@Authorized({ roles: [...STAFF] })
@ObjectType({ description: 'The last complete walk through a user pool.' })
class CompletedPoolWalk {
  @Field(() => GraphQLDateTime)
  readonly startedAt!: Date;

  @Field(() => GraphQLDateTime)
  readonly completedAt!: Date;

  @Field(() => Int)
  readonly users!: number;

  @Field(() => Int, { description: 'Accounts that it found gone from the pool.' })
  readonly vanished!: number;
}

@Authorized({ roles: [...STAFF] })
@ObjectType({ description: 'How far the mirror of a user pool may be from the pool.' })
class PoolDrift {
  @Field(() => String)
  readonly poolId!: string;

  @Field(() => Int, { description: 'Accounts that the mirror shows.' })
  readonly mirrored!: number;

  @Field(() => Int, {
    nullable: true,
    description:
      "Users by the pool's own estimate, not older than a minute; null while it cannot be asked.",
  })
  readonly estimated!: number | null;

  @Field(() => Int, { description: 'Accounts whose attributes were never read.' })
  readonly missing!: number;

  @Field(() => Int, { description: 'Accounts whose attributes were read too long ago to count.' })
  readonly stale!: number;

  @Field(() => Int, { description: 'Mirrored accounts whose groups were never read.' })
  readonly groupsUnread!: number;

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: 'When the account was read that was not read for longest.',
  })
  readonly oldestReadAt!: Date | null;

  @Field(() => Int, { nullable: true, description: 'Seconds since `oldestReadAt`.' })
  readonly lag!: number | null;

  @Field(() => PoolWalk, { nullable: true })
  readonly walk!: PoolWalk | null;

  @Field(() => CompletedPoolWalk, { nullable: true })
  readonly lastWalk!: CompletedPoolWalk | null;
}

@Resolver()
export class PoolDriftResolver {
  @Authorized({ roles: [...STAFF] })
  @Query(() => [PoolDrift], {
    description: 'How old the mirror of each user pool is, and what the sweeper does about it.',
  })
  async poolDrift(@Ctx() { app, em }: Context): Promise<PoolDrift[]> {
    return (await poolDrift(app, em)).map(driftOf);
  }
}

function driftOf(figures: PoolDriftFigures): PoolDrift {
  const { sweep: _sweep, oldestReadAt, ...counts } = figures;
  const age = oldestReadAt === null ? null : Date.now() - oldestReadAt.getTime();
  const lag = age === null ? null : Math.max(0, Math.round(age / 1000));
  return { ...counts, oldestReadAt, lag, walk: walkOf(figures), lastWalk: lastWalkOf(figures) };
}

function walkOf({ sweep, estimated }: PoolDriftFigures): PoolWalk | null {
  if (!sweep?.phase || sweep.startedAt === null) return null;
  const { phase, startedAt, users } = sweep;
  return { phase, startedAt, users, share: estimated ? Math.min(1, users / estimated) : null };
}

function lastWalkOf({ sweep }: PoolDriftFigures): CompletedPoolWalk | null {
  if (!sweep?.completedAt || sweep.completedStartedAt === null) return null;
  return {
    startedAt: sweep.completedStartedAt,
    completedAt: sweep.completedAt,
    users: sweep.completedUsers,
    vanished: sweep.completedVanished,
  };
}
