import type { EntityClass, FilterQuery, QueryOrderMap } from '@mikro-orm/core';
import type { BaseEntity } from '../../database/base-entity.js';
import type { Context } from '../../request/context.js';
import { perApp } from '../../request/per-app.js';
import type { Connection } from './connection.js';
import { CursorSeal } from './cursor-seal.js';
import { directionOf, type PageArgs } from './page-args.js';

const sealOf = perApp(({ cursorKey }) => new CursorSeal(cursorKey));

export interface KeysetList<Row extends BaseEntity> {
  readonly entity: EntityClass<Row>;
  readonly where: FilterQuery<Row>;
  /** Must end in the key, so that no two rows tie. */
  readonly orderBy: readonly QueryOrderMap<Row>[];
}

/**
 * One page of a list by keyset: one statement, which costs the same wherever the page stands. Cursors
 * belong to the entity, order and filter that they were made for.
 * @throws BadUserInputError for a bad size, direction or cursor.
 */
export async function keysetPage<Row extends BaseEntity>(
  { em, app }: Context,
  { entity, where, orderBy }: KeysetList<Row>,
  args: PageArgs,
): Promise<Connection<Row>> {
  const seal = sealOf(app);
  const belongsTo = JSON.stringify([entity.name, orderBy, where]);
  const direction = directionOf(args, app.config.limits.pageSize);
  const page = await em.findByCursor(entity, {
    where,
    // MikroORM types an order by the entity's own keys, which a generic entity does not tell.
    orderBy: [...orderBy] as never,
    includeCount: false,
    ...('first' in direction
      ? { first: direction.first, ...opened('after', direction.after) }
      : { last: direction.last, ...opened('before', direction.before) }),
  });
  function opened<Name extends string>(name: Name, cursor: string | undefined) {
    return cursor === undefined ? {} : { [name]: seal.open(cursor, belongsTo) };
  }
  const sealed = (position: string | null) =>
    position === null ? null : seal.seal(position, belongsTo);
  return {
    edges: page.items.map((node) => ({ node, cursor: seal.seal(page.from(node), belongsTo) })),
    nodes: page.items,
    pageInfo: {
      hasNextPage: page.hasNextPage,
      hasPreviousPage: page.hasPrevPage,
      startCursor: sealed(page.startCursor),
      endCursor: sealed(page.endCursor),
    },
    count: () => em.count(entity, where),
  };
}
