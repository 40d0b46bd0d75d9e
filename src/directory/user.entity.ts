import { Entity, Index, Property } from '@mikro-orm/decorators/legacy';
import { ObjectType } from 'type-graphql';
import { Authorized, Owner } from '../auth/authorized.js';
import { Role, STAFF } from '../auth/role.js';
import { BaseEntity, Node } from '../database/base-entity.js';
import type { PoolUserStatus } from '../user-pool/user-pool.js';

/** A person of this application, whichever pool they sign in with: rows of other entities point here. */
@Authorized({ roles: [...STAFF, Role.MEMBER], owner: true })
@ObjectType({ implements: [Node, BaseEntity], description: 'A person of this application.' })
@Entity({ tableName: 'app_user' })
@Index({ properties: ['createdAt', 'id'] })
@Index({ properties: ['listedName', 'id'] })
@Index({ properties: ['listedEmail', 'id'] })
@Index({ properties: ['listedLastSeenAt', 'id'] })
@Index({ properties: ['listedPoolModifiedAt', 'id'] })
@Index({ properties: ['listedStatus', 'createdAt', 'id'] })
@Index({
  name: 'app_user_disabled_index',
  properties: ['createdAt', 'id'],
  where: 'listed_enabled = false',
})
@Index({
  name: 'app_user_unverified_index',
  properties: ['createdAt', 'id'],
  where: 'listed_email_verified = false',
})
// Both are empty once every account was read.
@Index({
  name: 'app_user_profile_missing_index',
  properties: ['id'],
  where: 'listed_names is null and listed_identity_id is not null',
})
@Index({
  name: 'app_user_groups_missing_index',
  properties: ['id'],
  where: 'listed_groups is null and listed_identity_id is not null',
})
export class User extends BaseEntity {
  /** Tokens issued up to this moment are refused, whatever their `exp`. */
  @Property({ type: 'datetime', nullable: true })
  refusedBefore: Date | null = null;

  // What lists are filtered and ordered by: of the account last used, kept by triggers of the database,
  // so that no writer of identities or profiles can forget it. Never to be written from here.

  /** Null for a user without an account. */
  @Property({ type: 'uuid', nullable: true, lazy: true })
  readonly listedIdentityId?: string | null;

  /** Null, like all that follows, while the account was never read from its pool. */
  @Property({ type: 'text', nullable: true, lazy: true })
  readonly listedStatus?: PoolUserStatus | null;

  @Property({ type: 'boolean', nullable: true, lazy: true })
  readonly listedEnabled?: boolean | null;

  /** All names, folded, see `SearchTexts`. */
  @Property({ type: 'text', nullable: true, lazy: true })
  readonly listedNames?: string | null;

  @Property({ type: 'text', nullable: true, lazy: true })
  readonly listedContacts?: string | null;

  /** The first of the names. */
  @Property({ type: 'text', nullable: true, lazy: true, collation: 'C' })
  readonly listedName?: string | null;

  @Property({ type: 'text', nullable: true, lazy: true, collation: 'C' })
  readonly listedEmail?: string | null;

  @Property({ type: 'boolean', nullable: true, lazy: true })
  readonly listedEmailVerified?: boolean | null;

  @Index()
  @Property({ type: 'text', nullable: true, lazy: true, collation: 'C' })
  readonly listedPhone?: string | null;

  @Index()
  @Property({ type: 'text', nullable: true, lazy: true, collation: 'C' })
  readonly listedUsername?: string | null;

  /** Null while they were never read. */
  @Index({ type: 'gin' })
  @Property({ type: 'array', nullable: true, lazy: true })
  readonly listedGroups?: string[] | null;

  @Property({ type: 'datetime', nullable: true, lazy: true })
  readonly listedLastSeenAt?: Date | null;

  @Property({ type: 'datetime', nullable: true, lazy: true })
  readonly listedPoolModifiedAt?: Date | null;
}

// The key is inherited, so that there is no property here to decorate.
Owner()(User.prototype, 'id');
