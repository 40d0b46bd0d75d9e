import type { Ref } from '@mikro-orm/core';
import { Entity, OneToOne, Property } from '@mikro-orm/decorators/legacy';
import { BaseEntity } from '../../database/base-entity.js';
import { AuditEvent } from './audit-event.entity.js';

/** What may be personal about an event, apart from the trail, so that it can be erased. */
@Entity({ tableName: 'audit_detail' })
export class AuditDetail extends BaseEntity {
  @OneToOne({ entity: () => AuditEvent, ref: true, owner: true })
  event!: Ref<AuditEvent>;

  @Property({ type: 'text' })
  reason!: string;

  /** Attributes as they were, and as they were to be. */
  @Property({ type: 'json', nullable: true })
  before: Readonly<Record<string, string>> | null = null;

  @Property({ type: 'json', nullable: true })
  after: Readonly<Record<string, string>> | null = null;

  /** Who the operator is on the machine of the command line. */
  @Property({ type: 'text', nullable: true })
  operator: string | null = null;
}
