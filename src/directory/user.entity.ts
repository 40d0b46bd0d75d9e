import { Collection, type Opt } from '@mikro-orm/core';
import { Entity, Index, OneToMany, Property } from '@mikro-orm/decorators/legacy';
import { ObjectType } from 'type-graphql';
import { Authorized, Owner } from '../auth/authorized.js';
import { Role, STAFF } from '../auth/role.js';
import { BaseEntity, Node } from '../database/base-entity.js';
import { Identity } from './identity.entity.js';

/** A person of this application, whichever pool they sign in with: rows of other entities point here. */
@Authorized({ roles: [...STAFF, Role.MEMBER], owner: true })
@ObjectType({ implements: [Node, BaseEntity], description: 'A person of this application.' })
@Entity({ tableName: 'app_user' })
@Index({ properties: ['createdAt', 'id'] })
export class User extends BaseEntity {
  /** Tokens issued up to this moment are refused, whatever their `exp`. */
  @Property({ type: 'datetime', nullable: true })
  refusedBefore: Date | null = null;

  @OneToMany({ entity: () => Identity, mappedBy: 'user' })
  identities: Opt<Collection<Identity>> = new Collection<Identity>(this);
}

// The key is inherited, so that there is no property here to decorate.
Owner()(User.prototype, 'id');
