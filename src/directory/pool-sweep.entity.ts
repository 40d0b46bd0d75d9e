import { Entity, Enum, Property, Unique } from '@mikro-orm/decorators/legacy';
import { BaseEntity } from '../database/base-entity.js';

/** The parts of a walk through a pool, in their order; described in the SDL by `poolDrift`. */
export enum SweepPhase {
  /** Who is in which group. */
  GROUPS = 'GROUPS',
  /** Everybody's attributes. */
  USERS = 'USERS',
  /** Whoever was not met is asked for. */
  VANISHED = 'VANISHED',
}

/** The walk through one pool that is under way, and what the last complete one found. */
@Entity({ tableName: 'pool_sweep' })
export class PoolSweep extends BaseEntity {
  @Property({ type: 'text' })
  @Unique()
  poolId!: string;

  /** Counts what was written: whoever walks on from an older position has lost the walk to another. */
  @Property({ type: 'integer', default: 0 })
  position: number = 0;

  /** Null where no walk is under way. */
  @Enum({ items: () => SweepPhase, type: 'text', nullable: true })
  phase: SweepPhase | null = null;

  @Property({ type: 'datetime', nullable: true })
  startedAt: Date | null = null;

  /** Since then the memberships of this walk are read: they are at least as new. */
  @Property({ type: 'datetime', nullable: true })
  groupsReadAt: Date | null = null;

  /** The group whose members are read. */
  @Property({ type: 'text', nullable: true })
  atGroup: string | null = null;

  /** How the list of the phase goes on: the pool's token, or the last identity that was asked for. */
  @Property({ type: 'text', nullable: true })
  next: string | null = null;

  /** Users, and pages of them, that the walk has met so far. */
  @Property({ type: 'integer', default: 0 })
  users: number = 0;

  @Property({ type: 'integer', default: 0 })
  pages: number = 0;

  /** Accounts that are gone from the pool, as the walk has found so far. */
  @Property({ type: 'integer', default: 0 })
  vanished: number = 0;

  /** Of the last complete walk, as what follows. */
  @Property({ type: 'datetime', nullable: true })
  completedAt: Date | null = null;

  @Property({ type: 'datetime', nullable: true })
  completedStartedAt: Date | null = null;

  @Property({ type: 'integer', default: 0 })
  completedUsers: number = 0;

  @Property({ type: 'integer', default: 0 })
  completedVanished: number = 0;
}
