import type { Ref } from '@mikro-orm/core';
import { Entity, ManyToOne, OneToOne, Property, Unique } from '@mikro-orm/decorators/legacy';
import { BaseEntity } from '../database/base-entity.js';
import { PoolProfile } from './pool-profile.entity.js';
import { User } from './user.entity.js';

/** A user's account at one pool. `sub` stays here: no other row refers to it, so a move of pools keeps every id. */
@Entity({ tableName: 'identity' })
@Unique({ properties: ['poolId', 'subject'] })
export class Identity extends BaseEntity {
  @ManyToOne({ entity: () => User, ref: true, deleteRule: 'cascade', index: true })
  user!: Ref<User>;

  @Property({ type: 'text' })
  poolId!: string;

  /** Cognito's `sub`. */
  @Property({ type: 'text' })
  subject!: string;

  /** The name that Cognito's admin operations want. */
  @Property({ type: 'text' })
  username!: string;

  @Property({ type: 'datetime', nullable: true })
  lastSeenAt: Date | null = null;

  /** Set when the account was deleted: a token that outlives it does not bring it back. */
  @Property({ type: 'datetime', nullable: true })
  deletedAt: Date | null = null;

  @OneToOne({ entity: () => PoolProfile, mappedBy: 'identity', nullable: true })
  poolProfile: PoolProfile | null = null;
}
