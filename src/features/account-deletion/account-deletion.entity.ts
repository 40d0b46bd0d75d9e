import type { Opt, Ref } from '@mikro-orm/core';
import { Entity, Index, OneToOne, Property } from '@mikro-orm/decorators/legacy';
import { Owner } from '../../auth/authorized.js';
import { BaseEntity } from '../../database/base-entity.js';
import { User } from '../../directory/index.js';

/** That a person wants their account deleted, and when that is due. It goes with the user, whoever deletes them. */
@Entity({ tableName: 'account_deletion' })
export class AccountDeletion extends BaseEntity {
  @Owner()
  @OneToOne({ entity: () => User, ref: true, owner: true, deleteRule: 'cascade' })
  user!: Ref<User>;

  /** What the person was told. */
  @Property({ type: 'datetime' })
  dueAt!: Date;

  /** When it is tried next: later than due where something was in the way. */
  @Property({ type: 'datetime' })
  @Index()
  tryAt!: Date;

  /** Tries that came to nothing. */
  @Property({ type: 'integer', default: 0 })
  attempts: Opt<number> = 0;

  /** Since when a try is under way: from there it cannot be taken back. */
  @Property({ type: 'datetime', nullable: true })
  begunAt: Date | null = null;

  /** By which app client and request it was asked for: the deletion is told of in the trail as theirs. */
  @Property({ type: 'text', nullable: true })
  clientId: string | null = null;

  @Property({ type: 'text', nullable: true })
  requestId: string | null = null;
}
