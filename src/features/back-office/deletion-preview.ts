import type { EntityManager } from '@mikro-orm/postgresql';
import { Identity } from '../../directory/index.js';
import { ConflictError } from '../../errors.js';
import { uuidOf } from '../../graphql/uuid.js';
import type { App } from '../../request/app.js';
import { type Alongside, alongsideOf } from './alongside.js';

export class RowsInTheWayError extends ConflictError {
  constructor(tables: readonly string[]) {
    super(`The user cannot be deleted: rows of ${tables.join(', ')} refer to them.`, {
      reason: 'rows_in_the_way',
      hint: 'Delete these rows, or give them to somebody else, first.',
    });
  }
}

/** @throws RowsInTheWayError where a foreign key does not let the user go */
export async function expectNothingInTheWay(em: EntityManager, userId: string): Promise<void> {
  const rows = await alongsideOf(em, userId);
  const tables = rows.filter(({ fate }) => fate === 'IN_THE_WAY').map(({ table }) => table);
  if (tables.length > 0) throw new RowsInTheWayError([...new Set(tables)]);
}

/** What deleting a user would take along, or has; nothing of one who is gone. */
export async function deletionPreview(
  { orm }: App,
  id: string,
): Promise<{ deletedId: string; accounts: number; alongside: readonly Alongside[] }> {
  const deletedId = uuidOf('input.id', id);
  const em = orm.em.fork();
  const accounts = await em.count(Identity, { user: deletedId, deletedAt: null });
  return { deletedId, accounts, alongside: await alongsideOf(em, deletedId) };
}
