import { Entity, Index, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { Authorized } from '../../auth/authorized.js';
import { STAFF } from '../../auth/role.js';
import { BaseEntity, Node } from '../../database/base-entity.js';

export enum AuditOutcome {
  INTENT = 'INTENT',
  DONE = 'DONE',
  FAILED = 'FAILED',
}
registerEnumType(AuditOutcome, {
  name: 'AuditOutcome',
  valuesConfig: {
    INTENT: { description: 'Written before anything is done.' },
    DONE: { description: 'All of it was done.' },
    FAILED: { description: 'Not all of it was done; `code` tells why.' },
  },
});

/** One step of an action on a user. The table refuses UPDATE and DELETE; nothing here is personal. */
@Authorized({ roles: [...STAFF] })
@ObjectType({ implements: [Node, BaseEntity], description: 'One step of an action on a user.' })
@Entity({ tableName: 'audit_event' })
@Index({ properties: ['createdAt', 'id'] })
@Index({ properties: ['targetId', 'createdAt'] })
export class AuditEvent extends BaseEntity {
  /** The same on the intent and the outcome of one action. */
  @Field(() => ID, { description: 'The same on the intent and the outcome of one action.' })
  @Property({ type: 'uuid' })
  actionId!: string;

  @Field(() => String, { description: 'Such as `disableUser`.' })
  @Property({ type: 'text' })
  action!: string;

  @Field(() => AuditOutcome)
  @Property({ type: 'text' })
  outcome!: AuditOutcome;

  /** A failure's error code. */
  @Field(() => String, { nullable: true, description: "A failure's error code." })
  @Property({ type: 'text', nullable: true })
  code: string | null = null;

  /** No foreign key: the trail outlasts the people in it. Null for a machine client. */
  @Property({ type: 'uuid', nullable: true })
  actorId: string | null = null;

  @Field(() => String, { description: 'The app client through which the actor acted.' })
  @Property({ type: 'text' })
  actorClientId!: string;

  @Property({ type: 'uuid' })
  targetId!: string;

  @Field(() => String)
  @Property({ type: 'text' })
  requestId!: string;
}
