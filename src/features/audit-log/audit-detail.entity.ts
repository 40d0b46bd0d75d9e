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
}
