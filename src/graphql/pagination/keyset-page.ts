import type { EntityClass, FilterQuery } from '@mikro-orm/core';
import type { BaseEntity } from '../../database/base-entity.js';
import type { Context } from '../../request/context.js';
import { perApp } from '../../request/per-app.js';
import type { Connection } from './connection.js';
import { CursorSeal } from './cursor-seal.js';
import { Keyset, type KeysetOrder, type Position } from './keyset.js';
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

/**
 * One page of a list by keyset: one statement, which costs the same wherever the page stands. Cursors
 * belong to the entity, order and filter that they were made for.
 * @throws BadUserInputError for a bad size, direction or cursor.
 */
export async function keysetPage<Row extends BaseEntity>(
  { em, app }: Context,
  { entity, where, filter, orderBy }: KeysetList<Row>,
  args: PageArgs,
): Promise<Connection<Row>> {
  const seal = cursorSealOf(app);
  const belongsTo = JSON.stringify([entity.name, orderBy, where, filter]);
  const direction = directionOf(args, app.config.limits.pageSize);
  const backward = 'last' in direction;
  const size = backward ? direction.last : direction.first;
  const cursor = backward ? direction.before : direction.after;
  // Only what was sealed here opens, so that it is a position of this list.
  const from =
    cursor === undefined ? undefined : (JSON.parse(seal.open(cursor, belongsTo)) as Position);

  const keyset = new Keyset(em, entity, orderBy);
  const found = await keyset.rows({ where, filter, from, backward, limit: size + 1 });
  const more = found.length > size;
  const nodes = found.slice(0, size);
  if (backward) nodes.reverse();
  const edges = nodes.map((node) => ({
    node,
    cursor: seal.seal(JSON.stringify(keyset.positionOf(node)), belongsTo),
  }));
  return {
    edges,
    nodes,
    pageInfo: {
      hasNextPage: backward ? from !== undefined : more,
      hasPreviousPage: backward ? more : from !== undefined,
      startCursor: edges.at(0)?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    // MikroORM types a condition by the entity's own keys, which a generic entity does not tell.
    count: () =>
      em.count(
        entity,
        filter === undefined ? where : ({ $and: [where, filter] } as FilterQuery<Row>),
      ),
  };
}
