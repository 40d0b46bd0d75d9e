import type { FilterQuery } from '@mikro-orm/core';
import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { Authorized, OnDenied } from '../../auth/authorized.js';
import { Role, STAFF } from '../../auth/role.js';
import { User, userLoader } from '../../directory/index.js';
import { BadUserInputError } from '../../errors.js';
import { isStorable } from '../../graphql/checked-input.js';
import {
  type Connection,
  connectionOf,
  keysetPage,
  PageArgs,
} from '../../graphql/pagination/index.js';
import { uuidOf } from '../../graphql/uuid.js';
import { batchLoader } from '../../request/batch-loader.js';
import type { Context } from '../../request/context.js';
import { perRequest } from '../../request/per-request.js';
import { AuditDetail } from './audit-detail.entity.js';
import { AuditEvent } from './audit-event.entity.js';
import { AuditLogFilter } from './audit-log.inputs.js';

const AuditEventConnection = connectionOf(AuditEvent, 'AuditEvent');

const detailLoader = perRequest((context) =>
  batchLoader<string, AuditDetail | null>(context, 'audit-details', async (eventIds) => {
    const details = await context.em.find(AuditDetail, { event: { $in: [...eventIds] } });
    const byEvent = new Map(details.map((detail) => [detail.event.id, detail]));
    return eventIds.map((id) => byEvent.get(id) ?? null);
  }),
);

@ObjectType({ description: 'An attribute that an action changed.' })
class AuditedAttribute {
  @Field(() => String)
  readonly name!: string;

  @Field(() => String, { nullable: true })
  readonly before!: string | null;

  @Field(() => String, { nullable: true })
  readonly after!: string | null;
}

@Resolver(() => AuditEvent)
export class AuditLogResolver {
  @Authorized({ roles: [...STAFF] })
  @Query(() => AuditEventConnection, { description: 'What was done, the newest first.' })
  auditLog(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('filter', () => AuditLogFilter, { nullable: true })
    filter: AuditLogFilter | null | undefined,
    @Ctx() context: Context,
  ): Promise<Connection<AuditEvent>> {
    return keysetPage(
      context,
      {
        entity: AuditEvent,
        where: conditionOf(filter ?? {}),
        orderBy: { by: 'createdAt', direction: 'desc' },
      },
      page,
    );
  }

  @FieldResolver(() => User, {
    nullable: true,
    description: 'Who did it; null for whoever is no person.',
  })
  actor(@Root() { actorId }: AuditEvent, @Ctx() context: Context): Promise<User | null> | null {
    return actorId === null ? null : userLoader(context).load(actorId);
  }

  @FieldResolver(() => User, { nullable: true, description: 'Whom it was done to.' })
  target(@Root() { targetId }: AuditEvent, @Ctx() context: Context): Promise<User | null> | null {
    return targetId === null ? null : userLoader(context).load(targetId);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'Why, in the words of the actor; null once it was erased.',
  })
  async reason(@Root() { id }: AuditEvent, @Ctx() context: Context): Promise<string | null> {
    return (await detailLoader(context).load(id))?.reason || null;
  }

  @Authorized({ roles: [Role.ADMIN], onDenied: OnDenied.NULL })
  @FieldResolver(() => String, {
    nullable: true,
    description:
      'The network the actor was in, such as 192.0.2.0/24, on the intent and on refusals; null once it was erased.',
  })
  async network(@Root() { id }: AuditEvent, @Ctx() context: Context): Promise<string | null> {
    return (await detailLoader(context).load(id))?.network ?? null;
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'The account at the command line, of an operator.',
  })
  async operator(@Root() { id }: AuditEvent, @Ctx() context: Context): Promise<string | null> {
    return (await detailLoader(context).load(id))?.operator ?? null;
  }

  @FieldResolver(() => [AuditedAttribute], {
    nullable: true,
    description: 'Attributes of before and after, on the intent; null once they were erased.',
  })
  async changes(
    @Root() { id }: AuditEvent,
    @Ctx() context: Context,
  ): Promise<readonly AuditedAttribute[] | null> {
    const detail = await detailLoader(context).load(id);
    if (detail == null || detail.after === null) return null;
    const { before, after } = detail;
    return Object.entries(after).map(([name, value]) => ({
      name,
      before: before?.[name] ?? null,
      after: value === '' ? null : value,
    }));
  }
}

/** @throws BadUserInputError for an id, or the name of an action, that is none */
function conditionOf(filter: AuditLogFilter): FilterQuery<AuditEvent> {
  const { actorId, targetId, actionId, action, outcome, after, before } = filter;
  return {
    ...(actorId != null && { actorId: uuidOf('filter.actorId', actorId) }),
    ...(targetId != null && { targetId: uuidOf('filter.targetId', targetId) }),
    ...(actionId != null && { actionId: uuidOf('filter.actionId', actionId) }),
    ...(action != null && { action: actionNameOf(action) }),
    ...(outcome != null && { outcome }),
    ...((after != null || before != null) && {
      createdAt: { ...(after != null && { $gte: after }), ...(before != null && { $lt: before }) },
    }),
  };
}

function actionNameOf(value: string): string {
  if (isStorable(value)) return value;
  throw new BadUserInputError('The filter `action` is no name of an action.', {
    reason: 'action',
    hint: 'Give the name of a mutation, such as `disableUser`.',
  });
}
