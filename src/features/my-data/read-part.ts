import type { EntityManager } from '@mikro-orm/postgresql';
import { withoutRowRules } from '../../database/row-view.js';
import { quoted } from './catalogue.js';
import type { HeldTable } from './ownership.js';

/** Where an export goes on. */
export interface Position {
  readonly table: string;
  /** The key of the last row that was given, as texts; null before the first one. */
  readonly after: readonly string[] | null;
}

export interface Part {
  readonly tables: Readonly<Record<string, readonly unknown[]>>;
  /** Undefined at the end. */
  readonly next: Position | undefined;
}

/** How much one part holds: rows at most, and bytes of JSON, which the last row may exceed. */
export interface Bounds {
  readonly rows: number;
  readonly bytes: number;
}

/** Reads the tables in their order from a position on, a statement each, until the part is full. */
export async function readPart(
  em: EntityManager,
  userId: string,
  held: readonly HeldTable[],
  { from, bounds }: { readonly from: Position | undefined; readonly bounds: Bounds },
): Promise<Part> {
  const tables: Record<string, readonly unknown[]> = {};
  let { rows, bytes } = bounds;
  for (const table of held) {
    if (from !== undefined && table.name < from.table) continue;
    if (rows <= 0 || bytes <= 0) return { tables, next: { table: table.name, after: null } };
    const after = table.name === from?.table ? from.after : null;
    const found = await readTable(em, userId, table, { after, bounds: { rows, bytes } });
    tables[table.name] = found.map(({ row }) => JSON.parse(row) as unknown);
    const last = found.at(-1);
    if (last === undefined) continue;
    // The database wrote the array.
    const key = JSON.parse(last.key) as readonly string[];
    if (last.found > found.length) return { tables, next: { table: table.name, after: key } };
    rows -= found.length;
    bytes -= last.bytes;
  }
  return { tables, next: undefined };
}

interface Row {
  readonly row: string;
  readonly key: string;
  /** Of this row and those before it. */
  readonly bytes: number;
  /** How many there were, one more than the bounds allow at most. */
  readonly found: number;
}

interface Reading {
  readonly after: readonly string[] | null;
  readonly bounds: Bounds;
}

async function readTable(
  em: EntityManager,
  userId: string,
  table: HeldTable,
  { after, bounds }: Reading,
): Promise<Row[]> {
  const keys = keysOf(table);
  const sql = keys.map((key) => key.sql).join(', ');
  const named = keys.map((key, index) => `${key.sql} as k${index}`).join(', ');
  const order = keys.map((_key, index) => `k${index}`).join(', ');
  const texts = keys.map((_key, index) => `k${index}::text`).join(', ');
  const position = keys.map(({ type }) => `?::text::${type}`).join(', ');
  return withoutRowRules(em, "its condition is that rows are the person's").execute<Row[]>(
    `select shown::text as "row", jsonb_build_array(${texts})::text as "key", bytes::int, found::int
     from (
       select limited.*, row_number() over (order by ${order}) as place, count(*) over () as found,
         sum(octet_length(shown::text)) over (order by ${order}) as bytes
       from (
         select ${named}, ${table.shown('r')} as shown
         from ${quoted(table.name)} as r cross join (select ?::uuid as id) as me
         where ${table.belongs('r')} ${after === null ? '' : `and (${sql}) > (${position})`}
         order by ${sql} limit ?) as limited) as sized
     where place <= ? and bytes - octet_length(shown::text) < ?
     order by place`,
    [userId, ...(after ?? []), bounds.rows + 1, bounds.rows, bounds.bytes],
  );
}

/** The primary key; without one, where the row lies. */
function keysOf({ key, columns }: HeldTable) {
  const found = columns.filter(({ name }) => key.includes(name));
  const inOrder = found.sort((a, b) => key.indexOf(a.name) - key.indexOf(b.name));
  if (inOrder.length === 0) return [{ sql: 'r.ctid', type: 'tid' }];
  return inOrder.map(({ name, type }) => ({ sql: `r.${quoted(name)}`, type }));
}
