import { inspect } from 'node:util';
import type { Opt } from '@mikro-orm/core';
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { GraphQLDateTime } from 'graphql-scalars';
import { Field, ID, InterfaceType } from 'type-graphql';
import { v7 } from 'uuid';

@InterfaceType({ description: 'Whatever has an id and can be found again by `node`.' })
export abstract class Node {
  @Field(() => ID, { description: 'A UUID; it never changes.' })
  id!: string;
}

/** What every entity extends: a UUID key made here (RFC 9562, version 7), timestamps, a readable name. */
@InterfaceType('Entity', { implements: Node, description: 'Whatever is kept in the database.' })
@Entity({ abstract: true })
export abstract class BaseEntity implements Node {
  @PrimaryKey({ type: 'uuid' })
  id: Opt<string> = v7();

  @Field(() => GraphQLDateTime)
  @Property({ type: 'datetime' })
  createdAt: Opt<Date> = new Date();

  @Field(() => GraphQLDateTime)
  @Property({ type: 'datetime', onUpdate: () => new Date() })
  updatedAt: Opt<Date> = new Date();

  /** Such as `<User 0192f0c1-...>`: names the row and nothing that is personal. */
  toString(): string {
    return `<${this.constructor.name} ${this.id}>`;
  }

  [inspect.custom](): string {
    return this.toString();
  }

  /** What an error report or a log line holds of an entity. */
  toJSON(): string {
    return this.toString();
  }
}
