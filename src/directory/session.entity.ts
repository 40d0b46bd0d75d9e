import type { Ref } from '@mikro-orm/core';
import { Entity, Index, ManyToOne, Property, Unique } from '@mikro-orm/decorators/legacy';
import { GraphQLDateTime } from 'graphql-scalars';
import { Field, ObjectType } from 'type-graphql';
import { Authorized, Owner } from '../auth/authorized.js';
import { STAFF } from '../auth/role.js';
import { BaseEntity, Node } from '../database/base-entity.js';
import { Identity } from './identity.entity.js';
import { User } from './user.entity.js';

/** A sign-in at a pool, known by the tokens that descend from it; see `Sightings`. */
@Authorized({ roles: [...STAFF], owner: true })
@ObjectType({
  implements: [Node, BaseEntity],
  description: 'A sign-in, as far as its tokens were sent here.',
})
@Entity({ tableName: 'session' })
@Unique({ properties: ['poolId', 'originJti'] })
@Index({ properties: ['user', 'lastSeenAt', 'id'] })
export class Session extends BaseEntity {
  @Owner()
  @ManyToOne({ entity: () => User, ref: true, deleteRule: 'cascade' })
  user!: Ref<User>;

  @ManyToOne({ entity: () => Identity, ref: true, deleteRule: 'cascade', index: true })
  identity!: Ref<Identity>;

  @Property({ type: 'text' })
  poolId!: string;

  /** The claim that all tokens of the sign-in share. */
  @Property({ type: 'text' })
  originJti!: string;

  @Field(() => String, { description: 'The app client that the tokens were issued to.' })
  @Property({ type: 'text' })
  clientId!: string;

  @Field(() => GraphQLDateTime, { description: 'When a token of it was first sent here.' })
  @Property({ type: 'datetime' })
  firstSeenAt!: Date;

  @Field(() => GraphQLDateTime, {
    description: 'When a token of it was last sent here, to five minutes.',
  })
  @Property({ type: 'datetime' })
  lastSeenAt!: Date;

  /** Never the whole address. */
  @Field(() => String, {
    nullable: true,
    description: 'The network it was last seen from, such as 192.0.2.0/24.',
  })
  @Property({ type: 'text', nullable: true })
  network: string | null = null;

  @Field(() => String, {
    nullable: true,
    description: 'What the client last called itself, shortened.',
  })
  @Property({ type: 'text', nullable: true })
  userAgent: string | null = null;

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: 'When it was ended here; from then on its tokens are refused.',
  })
  @Property({ type: 'datetime', nullable: true })
  endedAt: Date | null = null;
}
