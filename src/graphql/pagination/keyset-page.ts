import type { BaseEntity } from '../../database/base-entity.js';
import type { Context } from '../../request/context.js';
import type { Connection } from './connection.js';
import { Keyset } from './keyset.js';
import { askedPage, conditionOf, foundPage, type KeysetList } from './page.js';
import type { PageArgs } from './page-args.js';

/**
 * One page of a list by keyset: one statement, which costs the same wherever the page stands. Cursors
 * belong to the entity, order and filter that they were made for.
 * @throws BadUserInputError for a bad size, direction or cursor.
 */
export async function keysetPage<Row extends BaseEntity>(
  { em, app }: Context,
  list: KeysetList<Row>,
  args: PageArgs,
): Promise<Connection<Row>> {
  const { entity, where, filter, orderBy } = list;
  const asked = askedPage(app, list, args);
  const { from, backward, size } = asked;
  const keyset = new Keyset(em, entity, orderBy);
  const found = await keyset.rows({ where, filter, from, backward, limit: size + 1 });
  return foundPage(app, asked, keyset, found, () => em.count(entity, conditionOf(list)));
}
