import { Entity, Index, Property, Unique } from '@mikro-orm/decorators/legacy';
import { BaseEntity } from '../database/base-entity.js';

/** Work that outlives the request, and the process, that asked for it; see `JobQueue` and `JobWorker`. */
@Entity({ tableName: 'job' })
@Unique({ properties: ['kind', 'key'] })
export class Job extends BaseEntity {
  /** Names the handler. */
  @Property({ type: 'text' })
  kind!: string;

  /** What is asked for twice under one key is done once. */
  @Property({ type: 'text' })
  key!: string;

  @Property({ type: 'json' })
  payload!: unknown;

  @Property({ type: 'datetime' })
  @Index()
  runAt!: Date;

  /** Runs since the last success. */
  @Property({ type: 'integer', default: 0 })
  attempts: number = 0;

  /** Counts how often it was asked for, so that what is asked for during a run leads to another. */
  @Property({ type: 'integer', default: 0 })
  version: number = 0;

  /** The run that has it now; made anew for each, so that one that lost its claim cannot end another's. */
  @Property({ type: 'uuid', nullable: true })
  claim: string | null = null;

  /** A run that died is followed by another after this moment. */
  @Property({ type: 'datetime', nullable: true })
  claimedUntil: Date | null = null;

  /** The name of the error that ended the last run. */
  @Property({ type: 'text', nullable: true })
  failure: string | null = null;
}
