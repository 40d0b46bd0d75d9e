import { GraphQLDateTime } from 'graphql-scalars';
import { Field, ID, InputType } from 'type-graphql';
import { AuditOutcome } from './audit-event.entity.js';

@InputType({ description: 'All that is given must hold.' })
export class AuditLogFilter {
  @Field(() => ID, { nullable: true, description: 'Only what this user did.' })
  actorId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only what was done to this user.' })
  targetId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only the events of one action.' })
  actionId?: string | null;

  @Field(() => String, { nullable: true, description: 'Such as `disableUser`.' })
  action?: string | null;

  @Field(() => AuditOutcome, { nullable: true })
  outcome?: AuditOutcome | null;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'Only what came at or after it.' })
  after?: Date | null;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'Only what came before it.' })
  before?: Date | null;
}
