import type { EntityKey } from '@mikro-orm/core';
import type DataLoader from 'dataloader';
import type { BaseEntity } from '../../database/base-entity.js';
import { batchLoader } from '../../request/batch-loader.js';
import type { Context } from '../../request/context.js';
import { perRequest } from '../../request/per-request.js';
import {
  askedPage,
  type Connection,
  conditionOf,
  foundPage,
  Keyset,
  type KeysetList,
  type PageArgs,
} from '../pagination/index.js';

/** A list that hangs on a row of another entity. */
export interface RelatedList<Row extends BaseEntity> extends Omit<KeysetList<Row>, 'where'> {
  readonly where?: KeysetList<Row>['where'];
  /** The property of a row that leads to its parent; an index on (relation, order, id) serves the list. */
  readonly relation: EntityKey<Row>;
  readonly parent: BaseEntity;
}

/**
 * One page of what hangs on a row, as `user { orders }`. Parents of one answer that are asked the same are
 * read by one statement, and counted, where `totalCount` is asked for, by another. Cursors belong to their
 * parent.
 * @throws BadUserInputError for a bad size, direction or cursor.
 */
export async function relatedPage<Row extends BaseEntity>(
  context: Context,
  { parent, relation, where = {}, ...others }: RelatedList<Row>,
  args: PageArgs,
): Promise<Connection<Row>> {
  const list = { ...others, where };
  const { entity, orderBy, filter } = list;
  const asked = askedPage(context.app, list, args, relation, parent.id);
  const { from, backward, size } = asked;
  const reading = { where, filter, from, backward, limit: size + 1 };
  const keyset = new Keyset(context.em, entity, orderBy);
  const rows = await loaded<Row[]>(
    context,
    parent.id,
    ['rows', entity.name, relation, orderBy, reading],
    async (ids) => {
      const found = await keyset.rowsOfEach(relation, ids, reading);
      return Map.groupBy(found, (row) => parentIdOf(row, relation));
    },
  );
  const count = () => countOf(context, list, relation, parent.id);
  return foundPage(context.app, asked, keyset, rows ?? [], count);
}

async function countOf<Row extends BaseEntity>(
  context: Context,
  list: KeysetList<Row>,
  relation: EntityKey<Row>,
  parentId: string,
): Promise<number> {
  const { entity, where, filter } = list;
  const asked = ['count', entity.name, relation, where, filter];
  const count = await loaded<number>(context, parentId, asked, async (ids) => {
    const condition = { $and: [{ [relation]: { $in: [...ids] } }, conditionOf(list)] };
    const counts = await context.em.countBy(entity, relation, {
      // MikroORM types a condition by the entity's own keys, which a generic entity does not tell.
      where: condition as KeysetList<Row>['where'],
    });
    return new Map(Object.entries(counts));
  });
  return count ?? 0;
}

type ByParent<Value> = (parentIds: readonly string[]) => Promise<ReadonlyMap<string, Value>>;

const loadersOf = perRequest(() => new Map<string, DataLoader<string, unknown>>());

/**
 * What is asked of a parent, read with what others ask of theirs at the same time; undefined for a parent without. It is not
 * remembered: one operation may ask before and after it has changed something.
 */
async function loaded<Value>(
  context: Context,
  parentId: string,
  asked: readonly unknown[],
  load: ByParent<Value>,
): Promise<Value | undefined> {
  const loaders = loadersOf(context);
  const key = JSON.stringify(asked);
  // Whoever asks the same gets the same kind of values.
  const existing = loaders.get(key) as DataLoader<string, Value | undefined> | undefined;
  const loader =
    existing ??
    batchLoader<string, Value | undefined>(context, 'relations', async (parentIds) => {
      const values = await load(parentIds);
      return parentIds.map((id) => values.get(id));
    });
  loaders.set(key, loader);
  try {
    return await loader.load(parentId);
  } finally {
    loader.clear(parentId);
  }
}

function parentIdOf<Row extends BaseEntity>(row: Row, relation: EntityKey<Row>): string {
  // A relation's value is the row it leads to, or a reference to it: both have its id.
  return (row[relation] as BaseEntity).id;
}
