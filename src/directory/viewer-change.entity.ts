import { Entity, Index, Property } from '@mikro-orm/decorators/legacy';
import { BaseEntity } from '../database/base-entity.js';

/**
 * That something was changed which decides what a user's tokens are good for: added by triggers of the
 * database, read by `ViewerChanges`, never changed, and deleted when it is old.
 */
@Entity({ tableName: 'viewer_change' })
@Index({ properties: ['createdAt'] })
export class ViewerChange extends BaseEntity {
  /** No foreign key: the user may be gone. */
  @Property({ type: 'uuid' })
  userId!: string;

  /** The transaction that changed it (PostgreSQL, "Transaction ID and Snapshot Information Functions"). */
  @Index()
  @Property({ type: 'text', columnType: 'xid8', defaultRaw: 'pg_current_xact_id()' })
  transaction!: string;
}
