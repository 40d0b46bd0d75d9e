import type { Opt } from '@mikro-orm/core';
import { Entity, Index, Property } from '@mikro-orm/decorators/legacy';
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { Authorized } from '../../auth/authorized.js';
import { STAFF } from '../../auth/role.js';
import { BaseEntity, Node } from '../../database/base-entity.js';

export enum AuditOutcome {
  INTENT = 'INTENT',
  DONE = 'DONE',
  FAILED = 'FAILED',
  REFUSED = 'REFUSED',
}
registerEnumType(AuditOutcome, {
  name: 'AuditOutcome',
  valuesConfig: {
    INTENT: { description: 'Written before anything is done.' },
    DONE: { description: 'All of it was done.' },
    FAILED: { description: 'Not all of it was done; `code` tells why.' },
    REFUSED: { description: 'A rule refused it, so that nothing was done; `code` tells which.' },
  },
});

export enum AuditActorKind {
  PERSON = 'PERSON',
  CLIENT = 'CLIENT',
  OPERATOR = 'OPERATOR',
  SERVER = 'SERVER',
}
registerEnumType(AuditActorKind, {
  name: 'AuditActorKind',
  valuesConfig: {
    PERSON: { description: 'A signed-in person.' },
    CLIENT: { description: 'A machine client.' },
    OPERATOR: { description: "Somebody at the server's command line." },
    SERVER: { description: 'The server, as it was told to before.' },
  },
});

/** One step of an action. The table refuses UPDATE, DELETE and TRUNCATE; nothing here is personal. */
@Authorized({ roles: [...STAFF] })
@ObjectType({ implements: [Node, BaseEntity], description: 'One step of an action on a user.' })
@Entity({ tableName: 'audit_event' })
@Index({ properties: ['createdAt', 'id'] })
@Index({ properties: ['targetId', 'createdAt', 'id'] })
@Index({ properties: ['actorId', 'createdAt', 'id'] })
@Index({ properties: ['action', 'createdAt', 'id'] })
@Index({ properties: ['actionId'] })
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

  @Field(() => String, {
    nullable: true,
    description: 'Why it failed or was refused: the code of the error.',
  })
  @Property({ type: 'text', nullable: true })
  code: string | null = null;

  @Field(() => AuditActorKind)
  @Property({ type: 'text', default: AuditActorKind.PERSON })
  actorKind: Opt<AuditActorKind> = AuditActorKind.PERSON;

  /** No foreign key: the trail outlasts the people in it. Null for whoever is no person. */
  @Property({ type: 'uuid', nullable: true })
  actorId: string | null = null;

  @Field(() => String, {
    nullable: true,
    description: 'The app client through which the actor acted.',
  })
  @Property({ type: 'text', nullable: true })
  actorClientId: string | null = null;

  /** Null where it was done to no user. */
  @Property({ type: 'uuid', nullable: true })
  targetId: string | null = null;

  @Field(() => String, {
    nullable: true,
    description: 'The group that it was done to or with, as `pool/group`.',
  })
  @Property({ type: 'text', nullable: true })
  targetGroup: string | null = null;

  @Field(() => String, { nullable: true, description: 'The request by which it was asked for.' })
  @Property({ type: 'text', nullable: true })
  requestId: string | null = null;
}
