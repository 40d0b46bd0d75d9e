import { Entity, PrimaryKey } from '@mikro-orm/decorators/legacy';

/**
 * Who is in which group, as the walk under way has read it. The pool tells it by group, the mirror keeps it by
 * account: a call for each account would take days where one for 60 members takes minutes.
 */
@Entity({ tableName: 'swept_membership' })
export class SweptMembership {
  @PrimaryKey({ type: 'text' })
  poolId!: string;

  @PrimaryKey({ type: 'text' })
  subject!: string;

  @PrimaryKey({ type: 'text' })
  groupName!: string;
}
