import type { Opt } from '@mikro-orm/core';
import { Entity, Index, Property, Unique } from '@mikro-orm/decorators/legacy';
import { BaseEntity } from '../../database/base-entity.js';
import type { AuditActorKind } from '../audit-log/audit-event.entity.js';

/** `INTENDED`: the pool may have it or not. `AT_POOL`: the pool has it, the database not yet. */
export type CommandState = 'INTENDED' | 'AT_POOL' | 'DONE' | 'FAILED';

/** What a command has made or found; names that pools gave. */
export interface CommandResult {
  readonly poolId?: string;
  readonly subject?: string;
  readonly username?: string;
  /** Pools that are not configured, whose accounts of the target were left as they were. */
  readonly leftAlone?: readonly string[];
}

export interface CommandFailure {
  readonly code: string;
  readonly message: string;
  readonly reason?: string | undefined;
  readonly hint?: string | undefined;
}

/** An action of the back office from its intent to its end, so that whoever finds it half done can go on with it. */
@Entity({ tableName: 'command' })
@Index({ properties: ['aspect', 'id'] })
@Index({ properties: ['targetId'] })
@Index({ properties: ['actorId'] })
@Index({
  name: 'command_pending_index',
  properties: ['id'],
  where: "state in ('INTENDED', 'AT_POOL')",
})
export class Command extends BaseEntity {
  @Property({ type: 'text' })
  action!: string;

  @Property({ type: 'text' })
  state: Opt<CommandState> = 'INTENDED';

  /** What of whom it sets, such as `access <user>`: of two commands the later one stands. */
  @Property({ type: 'text' })
  aspect!: string;

  @Property({ type: 'text' })
  actorKind!: AuditActorKind;

  @Property({ type: 'uuid', nullable: true })
  actorId: string | null = null;

  @Property({ type: 'text', nullable: true })
  actorClientId: string | null = null;

  @Property({ type: 'text', nullable: true })
  requestId: string | null = null;

  @Property({ type: 'uuid', nullable: true })
  targetId: string | null = null;

  @Property({ type: 'text', nullable: true })
  targetGroup: string | null = null;

  /** Erased when it has ended; never there where it is a secret. */
  @Property({ type: 'json', nullable: true })
  input: unknown = null;

  /** HMAC of viewer, action and the client's key; forgotten after a day. */
  @Property({ type: 'text', nullable: true })
  @Unique()
  idempotencyKey: string | null = null;

  /** HMAC of what was asked for. */
  @Property({ type: 'text' })
  inputHash!: string;

  @Property({ type: 'json', nullable: true })
  result: CommandResult | null = null;

  @Property({ type: 'json', nullable: true })
  failure: CommandFailure | null = null;

  /** Times at which the pool was, or may have been, asked. */
  @Property({ type: 'integer' })
  attempts: Opt<number> = 1;

  /** By the pool's clock: tokens up to here are refused where the command ends them. */
  @Property({ type: 'datetime', nullable: true })
  poolMoment: Date | null = null;

  @Property({ type: 'datetime', nullable: true })
  endedAt: Date | null = null;

  get isEnded(): Opt<boolean> {
    return this.state === 'DONE' || this.state === 'FAILED';
  }
}
