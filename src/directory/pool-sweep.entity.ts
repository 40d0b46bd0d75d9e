import { Entity, Property, Unique } from '@mikro-orm/decorators/legacy';
import { BaseEntity } from '../database/base-entity.js';

/** A pool that was walked through from the first user to the last. */
@Entity({ tableName: 'pool_sweep' })
export class PoolSweep extends BaseEntity {
  @Property({ type: 'text' })
  @Unique()
  poolId!: string;

  @Property({ type: 'datetime' })
  completedAt!: Date;
}
