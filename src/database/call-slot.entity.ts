import { Entity, Property, Unique } from '@mikro-orm/decorators/legacy';
import { BaseEntity } from './base-entity.js';

/** A row of moments at which servers of one database may call out; see `databaseCallSlots`. */
@Entity({ tableName: 'call_slot' })
export class CallSlot extends BaseEntity {
  /** Such as `us-east-1 UserRead`. */
  @Property({ type: 'text' })
  @Unique()
  row!: string;

  /** The first moment that nobody has taken. */
  @Property({ type: 'datetime' })
  nextAt!: Date;
}
