import { Entity, Index, Property, Unique } from '@mikro-orm/decorators/legacy';
import { BaseEntity } from '../database/base-entity.js';

/** A message with hints that was taken, kept for as long as it could be sent again; see `takeHints`. */
@Entity({ tableName: 'webhook_message' })
@Index({ properties: ['createdAt'] })
export class WebhookMessage extends BaseEntity {
  /** The sender's `webhook-id`. */
  @Property({ type: 'text' })
  @Unique()
  messageId!: string;
}
