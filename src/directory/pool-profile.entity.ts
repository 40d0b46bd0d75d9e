import type { Opt, Ref } from '@mikro-orm/core';
import { Entity, Index, OneToOne, Property } from '@mikro-orm/decorators/legacy';
import { BaseEntity } from '../database/base-entity.js';
import type { PoolUserStatus } from '../user-pool/user-pool.js';
import { Identity } from './identity.entity.js';

/** The mirror of what the pool knows of one identity, with when each part was read. */
@Entity({ tableName: 'pool_profile' })
export class PoolProfile extends BaseEntity {
  @OneToOne({ entity: () => Identity, ref: true, owner: true, deleteRule: 'cascade' })
  identity!: Ref<Identity>;

  /** By Cognito's names; `sub` excepted. */
  @Property({ type: 'json' })
  attributes!: Record<string, string>;

  /** Names of groups; null while they were never read, since the pool tells them apart from attributes. */
  @Property({ type: 'json', nullable: true })
  groups: string[] | null = null;

  @Property({ type: 'text' })
  status!: PoolUserStatus;

  @Property({ type: 'boolean' })
  enabled!: boolean;

  @Property({ type: 'datetime' })
  poolCreatedAt!: Date;

  /** Cognito's `UserLastModifiedDate`; changes of groups do not touch it. */
  @Property({ type: 'datetime' })
  poolModifiedAt!: Date;

  @Property({ type: 'datetime' })
  attributesReadAt!: Date;

  @Property({ type: 'datetime', nullable: true })
  groupsReadAt: Date | null = null;

  /** What the mirror has besides: the account's own. */
  get username(): Opt<string> {
    return this.identity.unwrap().username;
  }

  /** What follows is made of the above by `searchTextsOf`, and null until the profile is read again. */
  @Property({ type: 'text', nullable: true, lazy: true })
  readonly searchNames?: string | null;

  @Property({ type: 'text', nullable: true, lazy: true })
  readonly searchContacts?: string | null;

  @Index()
  @Property({ type: 'text', nullable: true, lazy: true, collation: 'C' })
  readonly emailKey?: string | null;

  @Index()
  @Property({ type: 'text', nullable: true, lazy: true, collation: 'C' })
  readonly phoneKey?: string | null;

  @Property({ type: 'text', nullable: true, lazy: true, collation: 'C' })
  readonly usernameKey?: string | null;
}
