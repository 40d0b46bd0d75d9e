import { Entity, Property, Unique } from '@mikro-orm/decorators/legacy';
import { BaseEntity } from './base-entity.js';

/** A secret that the servers of one database share. */
@Entity({ tableName: 'server_key' })
export class ServerKey extends BaseEntity {
  @Property({ type: 'text' })
  @Unique()
  name!: string;

  /** Base64url. */
  @Property({ type: 'text' })
  secret!: string;
}
