import { Collection, Reference } from '@mikro-orm/core';
import { type ClassType, Field, UseMiddleware } from 'type-graphql';
import type { BaseEntity } from '../../database/base-entity.js';
import { NotFoundError } from '../../errors.js';

type TypeOf = () => ClassType<BaseEntity>;

export interface LoadOptions {
  readonly nullable?: boolean;
  readonly description?: string;
}

/**
 * Shows a relation to one row: `@LoadOne(() => User)` above the `@ManyToOne`, a `Ref` or not. What all objects of an answer lead
 * to is read by one statement. What the viewer may not see, by its row rule, is null where the field is
 * `nullable`, and NOT_FOUND else.
 */
export function LoadOne(type: TypeOf, options: LoadOptions = {}): PropertyDecorator {
  return loaded(Field(type, options), async (relation) => {
    if (relation === null || relation === undefined) return null;
    // Only a relation stands below the decorator: a reference, or the row itself.
    const row = await loadOne(relation as BaseEntity | Reference<BaseEntity>);
    if (row === null && !options.nullable) throw unseen(type);
    return row;
  });
}

/**
 * Shows a relation to few rows, all of them: `@LoadMany(() => OrderItem)` above the `@OneToMany` or `@ManyToMany`. Those
 * of all objects of an answer are read by one statement, in the `orderBy` of the relation, the oldest first
 * where it has none. What may grow is `relatedPage`'s.
 */
export function LoadMany(type: TypeOf, options: LoadOptions = {}): PropertyDecorator {
  return loaded(
    Field(() => [type()], options),
    (relation) => (relation instanceof Collection ? loadMany(relation) : relation),
  );
}

/** The row that a relation leads to; null where the viewer may not see it, or where it is gone. */
export async function loadOne<Row extends BaseEntity>(
  relation: Row | Reference<Row>,
): Promise<Row | null> {
  // MikroORM's types lose that a reference to a row leads to a row of that class.
  const reference = (
    Reference.isReference(relation) ? relation : Reference.create(relation)
  ) as Reference<Row>;
  const row = await reference.load({ dataloader: true });
  // MikroORM's loader gives out the reference's empty object where it has found no row.
  return reference.isInitialized() ? row : null;
}

export function loadMany<Row extends BaseEntity>(
  collection: Collection<Row>,
): Promise<readonly Row[]> {
  const { orderBy } = collection.property;
  return collection.loadItems({
    dataloader: true,
    // MikroORM types an order by the entity's own keys, which a generic one does not tell.
    ...(orderBy === undefined && { orderBy: { id: 'asc' } as never }),
  });
}

function loaded(field: PropertyDecorator, load: (relation: unknown) => unknown): PropertyDecorator {
  const middleware = UseMiddleware(async (_action, next) => load(await next()));
  return (prototype, property) => {
    field(prototype, property);
    middleware(prototype, property);
  };
}

function unseen(type: TypeOf): NotFoundError {
  return new NotFoundError(`There is no such ${type().name}.`, {
    reason: 'row',
    hint: 'It is gone, or not for you to see: leave this field out.',
  });
}
