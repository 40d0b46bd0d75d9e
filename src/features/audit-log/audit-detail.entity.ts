import type { Ref } from '@mikro-orm/core';
import { Entity, OneToOne, Property } from '@mikro-orm/decorators/legacy';
import { BaseEntity } from '../../database/base-entity.js';
import { AuditEvent } from './audit-event.entity.js';

/** What may be personal about an event, apart from the trail, so that it can be erased. */
@Entity({ tableName: 'audit_detail' })
export class AuditDetail extends BaseEntity {
  @OneToOne({ entity: () => AuditEvent, ref: true, owner: true })
  event!: Ref<AuditEvent>;

  /** Blank where none was asked for. */
  @Property({ type: 'text' })
  reason!: string;

  /** Where the actor was, such as 192.0.2.0/24; never the whole address. */
  @Property({ type: 'text', nullable: true })
  network: string | null = null;

  /** Attributes as they were, and as they were to be. */
  @Property({ type: 'json', nullable: true })
  before: Readonly<Record<string, string>> | null = null;

  @Property({ type: 'json', nullable: true })
  after: Readonly<Record<string, string>> | null = null;

  /** Who the operator is on the machine of the command line. */
  @Property({ type: 'text', nullable: true })
  operator: string | null = null;
}
