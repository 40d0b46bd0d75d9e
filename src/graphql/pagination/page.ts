import type { EntityClass, FilterQuery } from '@mikro-orm/core';
import type { BaseEntity } from '../../database/base-entity.js';
import type { App } from '../../request/app.js';
import { perApp } from '../../request/per-app.js';
import type { Connection } from './connection.js';
import { CursorSeal } from './cursor-seal.js';
import type { Keyset, KeysetOrder, Position } from './keyset.js';
import { directionOf, type PageArgs } from './page-args.js';

/** The server's own seal for positions of lists. */
export const cursorSealOf = perApp(({ cursorKey }) => new CursorSeal(cursorKey));

export interface KeysetList<Row extends BaseEntity> {
  readonly entity: EntityClass<Row>;
  /** What an index of the order narrows. Of plain values, like the filter: cursors are bound to both. */
  readonly where: FilterQuery<Row>;
  /** What the rows in that order have to be looked at for. */
  readonly filter?: FilterQuery<Row> | undefined;
  readonly orderBy: KeysetOrder<Row>;
}

/** What is asked of a list, with its cursor opened. */
export interface AskedPage {
  /** Of the list, its order, filter and parent: what its cursors are bound to. */
  readonly belongsTo: string;
  readonly backward: boolean;
  readonly size: number;
  readonly from: Position | undefined;
}

/**
 * @param parent what the list hangs on, such as the id of its owner.
 * @throws BadUserInputError for a bad size, direction or cursor.
 */
export function askedPage<Row extends BaseEntity>(
  app: App,
  { entity, where, filter, orderBy }: KeysetList<Row>,
  args: PageArgs,
  ...parent: readonly string[]
): AskedPage {
  const belongsTo = JSON.stringify([entity.name, orderBy, where, filter, ...parent]);
  const direction = directionOf(args, app.config.limits.pageSize);
  const backward = 'last' in direction;
  const cursor = backward ? direction.before : direction.after;
  return {
    belongsTo,
    backward,
    size: backward ? direction.last : direction.first,
    // Only what was sealed here opens, so that it is a position of this list.
    from:
      cursor === undefined
        ? undefined
        : (JSON.parse(cursorSealOf(app).open(cursor, belongsTo)) as Position),
  };
}

/** @param found one row more than the page has, if there are as many, in the direction of reading. */
export function foundPage<Row extends BaseEntity>(
  app: App,
  { belongsTo, backward, size, from }: AskedPage,
  keyset: Keyset<Row>,
  found: readonly Row[],
  count: () => Promise<number>,
): Connection<Row> {
  const seal = cursorSealOf(app);
  const more = found.length > size;
  const nodes = found.slice(0, size);
  if (backward) nodes.reverse();
  const cursorOf = (node: Row) => seal.seal(JSON.stringify(keyset.positionOf(node)), belongsTo);
  // Sealed where it is asked for: most answers show two cursors, or none.
  const endOf = (node: Row | undefined) => (node === undefined ? null : cursorOf(node));
  return {
    get edges() {
      return nodes.map((node) => ({
        node,
        get cursor() {
          return cursorOf(node);
        },
      }));
    },
    nodes,
    pageInfo: {
      hasNextPage: backward ? from !== undefined : more,
      hasPreviousPage: backward ? more : from !== undefined,
      get startCursor() {
        return endOf(nodes.at(0));
      },
      get endCursor() {
        return endOf(nodes.at(-1));
      },
    },
    count,
  };
}

/** All that the rows of a list have to fulfil. */
export function conditionOf<Row extends BaseEntity>({
  where,
  filter,
}: KeysetList<Row>): FilterQuery<Row> {
  // MikroORM types a condition by the entity's own keys, which a generic entity does not tell.
  return filter === undefined ? where : ({ $and: [where, filter] } as FilterQuery<Row>);
}
