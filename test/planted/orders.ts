import type { Opt, Ref } from '@mikro-orm/core';
import { Entity, Enum, ManyToOne, Property } from '@mikro-orm/decorators/legacy';
import { GraphQLDateTime } from 'graphql-scalars';
import { Field, Float, Int, ObjectType, registerEnumType } from 'type-graphql';
import { Authorized, Owner } from '../../src/auth/authorized.js';
import { STAFF } from '../../src/auth/role.js';
import { BaseEntity, Node } from '../../src/database/base-entity.js';
import { User } from '../../src/directory/index.js';

export enum OrderStatus {
  OPEN = 'open',
  SHIPPED = 'shipped',
}
registerEnumType(OrderStatus, { name: 'OrderStatus' });

/** Nobody's: every signed-in person may see it, but not what it costs. */
@Authorized()
@ObjectType({ implements: [Node, BaseEntity] })
@Entity({ tableName: 'planted_product' })
export class Product extends BaseEntity {
  @Field(() => String)
  @Property({ type: 'string', length: 12, unique: true })
  sku!: string;

  @Authorized({ roles: [...STAFF] })
  @Field(() => Float, { nullable: true })
  @Property({ type: 'double', nullable: true })
  cost: number | null = null;
}

/** A person's own. */
@Authorized({ roles: [...STAFF], owner: true })
@ObjectType({ implements: [Node, BaseEntity] })
@Entity({ tableName: 'planted_order' })
export class Order extends BaseEntity {
  @Owner()
  @ManyToOne({ entity: () => User, ref: true, deleteRule: 'cascade' })
  customer!: Ref<User>;

  @ManyToOne({ entity: () => Product, ref: true })
  product!: Ref<Product>;

  @Field(() => String)
  @Property({ type: 'decimal', precision: 10, scale: 2 })
  total!: string;

  @Field(() => Int)
  @Property({ type: 'integer' })
  quantity!: number;

  @Field(() => OrderStatus)
  @Enum({ items: () => OrderStatus })
  status: Opt<OrderStatus> = OrderStatus.OPEN;

  @Field(() => String, { nullable: true })
  @Property({ type: 'text', nullable: true })
  note: string | null = null;

  @Field(() => GraphQLDateTime, { nullable: true })
  @Property({ type: 'datetime', nullable: true })
  shippedAt: Date | null = null;
}
