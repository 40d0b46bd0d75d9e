import type { FilterQuery } from '@mikro-orm/core';
import DataLoader from 'dataloader';
import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { Authorized } from '../../auth/authorized.js';
import { STAFF } from '../../auth/role.js';
import { User, userLoader } from '../../directory/index.js';
import {
  type Connection,
  connectionOf,
  keysetPage,
  PageArgs,
} from '../../graphql/pagination/index.js';
import { uuidOf } from '../../graphql/uuid.js';
import type { Context } from '../../request/context.js';
import { perRequest } from '../../request/per-request.js';
import { AuditDetail } from './audit-detail.entity.js';
import { AuditEvent } from './audit-event.entity.js';

const AuditEventConnection = connectionOf(AuditEvent, 'AuditEvent');

const reasonLoader = perRequest(
  ({ em }) =>
    new DataLoader<string, string | null>(async (eventIds) => {
      const details = await em.find(AuditDetail, { event: { $in: [...eventIds] } });
      const reasons = new Map(details.map(({ event, reason }) => [event.id, reason]));
      return eventIds.map((id) => reasons.get(id) ?? null);
    }),
);

@Resolver(() => AuditEvent)
export class AuditLogResolver {
  @Authorized({ roles: [...STAFF] })
  @Query(() => AuditEventConnection, { description: 'What was done to users, the newest first.' })
  auditLog(
    @Args(() => PageArgs) page: PageArgs,
    @Arg('targetId', () => ID, { nullable: true, description: 'Only what was done to this user.' })
    targetId: string | undefined,
    @Ctx() context: Context,
  ): Promise<Connection<AuditEvent>> {
    const where: FilterQuery<AuditEvent> =
      targetId == null ? {} : { targetId: uuidOf('targetId', targetId) };
    return keysetPage(
      context,
      { entity: AuditEvent, where, orderBy: { by: 'createdAt', direction: 'desc' } },
      page,
    );
  }

  @FieldResolver(() => User, {
    nullable: true,
    description: 'Who did it; null for a machine client.',
  })
  actor(@Root() { actorId }: AuditEvent, @Ctx() context: Context): Promise<User | null> | null {
    return actorId === null ? null : userLoader(context).load(actorId);
  }

  @FieldResolver(() => User, { nullable: true, description: 'Whom it was done to.' })
  target(@Root() { targetId }: AuditEvent, @Ctx() context: Context): Promise<User | null> {
    return userLoader(context).load(targetId);
  }

  @FieldResolver(() => String, { nullable: true, description: 'Why, in the words of the actor.' })
  reason(@Root() { id }: AuditEvent, @Ctx() context: Context): Promise<string | null> {
    return reasonLoader(context).load(id);
  }
}
