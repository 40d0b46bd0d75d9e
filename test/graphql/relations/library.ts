import { Collection, type Opt, type Ref } from '@mikro-orm/core';
import {
  Entity,
  Index,
  ManyToMany,
  ManyToOne,
  OneToMany,
  Property,
} from '@mikro-orm/decorators/legacy';
import { Field, Int, ObjectType } from 'type-graphql';
import { Authorized, Owner } from '../../../src/auth/authorized.js';
import { STAFF } from '../../../src/auth/role.js';
import { BaseEntity, Node } from '../../../src/database/base-entity.js';
import { User } from '../../../src/directory/index.js';
import { LoadMany, LoadOne } from '../../../src/graphql/relations/index.js';

/** Every signed-in person may see it. */
@Authorized()
@ObjectType({ implements: [Node, BaseEntity] })
@Entity({ tableName: 'planted_shelf' })
export class Shelf extends BaseEntity {
  @Field(() => Int)
  @Property({ type: 'integer' })
  number!: number;

  @LoadMany(() => Book)
  @OneToMany({ entity: () => Book, mappedBy: 'shelf', orderBy: { pages: 'desc', id: 'asc' } })
  everyBook: Opt<Collection<Book>> = new Collection<Book>(this);
}

@Authorized()
@ObjectType({ implements: [Node, BaseEntity] })
@Entity({ tableName: 'planted_topic' })
export class Topic extends BaseEntity {
  @LoadMany(() => Book)
  @ManyToMany({ entity: () => Book, mappedBy: 'topics' })
  books: Opt<Collection<Book>> = new Collection<Book>(this);
}

/** A person's own. */
@Authorized({ roles: [...STAFF], owner: true })
@ObjectType({ implements: [Node, BaseEntity] })
@Entity({ tableName: 'planted_book' })
@Index({ properties: ['shelf', 'rating', 'id'] })
export class Book extends BaseEntity {
  @Owner()
  @LoadOne(() => User)
  @ManyToOne({ entity: () => User, ref: true, deleteRule: 'cascade' })
  reader!: Ref<User>;

  @LoadOne(() => Shelf)
  @ManyToOne({ entity: () => Shelf, ref: true, deleteRule: 'restrict' })
  shelf!: Ref<Shelf>;

  @LoadOne(() => Book, { nullable: true })
  @ManyToOne({ entity: () => Book, ref: true, nullable: true })
  sequel: Ref<Book> | null = null;

  @Field(() => Int)
  @Property({ type: 'integer' })
  pages!: number;

  @Field(() => Int, { nullable: true })
  @Property({ type: 'integer', nullable: true })
  rating: number | null = null;

  @LoadMany(() => Topic)
  @ManyToMany({ entity: () => Topic, inversedBy: 'books', pivotTable: 'planted_book_topic' })
  topics: Opt<Collection<Topic>> = new Collection<Topic>(this);
}

/** A person's own through its book. */
@Authorized({ roles: [...STAFF], owner: true })
@ObjectType({ implements: [Node, BaseEntity] })
@Entity({ tableName: 'planted_chapter' })
export class Chapter extends BaseEntity {
  @Owner()
  @LoadOne(() => Book)
  @ManyToOne({ entity: () => Book, ref: true, deleteRule: 'cascade', index: true })
  book!: Ref<Book>;

  /** Whom it is about, whoever may see that. */
  @LoadOne(() => Book)
  @ManyToOne({ entity: () => Book })
  about!: Book;
}
