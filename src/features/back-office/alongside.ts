import type { EntityManager } from '@mikro-orm/postgresql';
import { withoutRowRules } from '../../database/row-view.js';

/** What becomes of rows that refer to a user, by the rule of their foreign key. */
export type Fate = 'DELETED' | 'DETACHED' | 'IN_THE_WAY';

/** Rows of one table that refer to a user. */
export interface Alongside {
  readonly table: string;
  readonly column: string;
  readonly rows: number;
  readonly fate: Fate;
}

interface ForeignKey {
  readonly table: string;
  readonly column: string;
  /** `confdeltype` of PostgreSQL's `pg_constraint`: c cascade, n set null, a and r refuse. */
  readonly rule: string;
}

/** Accounts have a tombstone of their own. */
const OWN = ['identity'];

/** The rows of other entities that go along with a user, whichever entities the application has. */
export async function alongsideOf(em: EntityManager, userId: string): Promise<Alongside[]> {
  const found: Alongside[] = [];
  for (const { table, column, rule } of await foreignKeys(em)) {
    const [counted] = await withoutRowRules(
      em,
      'what belongs to whoever is deleted goes along',
    ).execute<{ rows: number }[]>(
      `select count(*)::int as rows from ${quoted(table)} where ${quoted(column)} = ?`,
      [userId],
    );
    const rows = counted?.rows ?? 0;
    if (rows > 0) found.push({ table, column, rows, fate: fateOf(rule) });
  }
  return found;
}

/** As the foreign keys say of a user who is gone, although the row stays as a tombstone. */
export async function removeAlongside(em: EntityManager, userId: string): Promise<void> {
  for (const { table, column, rule } of await foreignKeys(em)) {
    const where = `where ${quoted(column)} = ?`;
    if (fateOf(rule) === 'DELETED')
      await withoutRowRules(em, 'what belongs to whoever is deleted goes along').execute(
        `delete from ${quoted(table)} ${where}`,
        [userId],
      );
    if (fateOf(rule) === 'DETACHED')
      await withoutRowRules(em, 'what belongs to whoever is deleted goes along').execute(
        `update ${quoted(table)} set ${quoted(column)} = null ${where}`,
        [userId],
      );
  }
}

function fateOf(rule: string): Fate {
  if (rule === 'c') return 'DELETED';
  return rule === 'n' ? 'DETACHED' : 'IN_THE_WAY';
}

async function foreignKeys(em: EntityManager): Promise<ForeignKey[]> {
  const keys = await withoutRowRules(em, 'what belongs to whoever is deleted goes along').execute<
    ForeignKey[]
  >(
    `select owner.relname as "table", field.attname as "column", key.confdeltype::text as "rule"
     from pg_constraint key
     join pg_class owner on owner.oid = key.conrelid
     join pg_attribute field on field.attrelid = key.conrelid and field.attnum = key.conkey[1]
     where key.contype = 'f' and key.confrelid = 'app_user'::regclass
     order by 1, 2`,
  );
  return keys.filter(({ table }) => !OWN.includes(table));
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
