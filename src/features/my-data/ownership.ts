import type { EntityMetadata } from '@mikro-orm/core';
import { ownerMark } from '../../auth/owner.js';
import { type Link, quoted, type Table } from './catalogue.js';
import { type Condition, ME } from './sql.js';
import { NOT_PERSONAL, VIEWS } from './views.js';

/** A table with the rows of it that belong to a person, and how they are shown. */
export interface HeldTable extends Table {
  readonly belongs: Condition;
  readonly shown: Condition;
}

export interface Holdings {
  /** By name. */
  readonly held: readonly HeldTable[];
  /** Tables that nothing leads to a person from, and that are on no list either. */
  readonly unknown: readonly string[];
}

const PEOPLE = 'app_user';

/** What is held on a person, by the database's foreign keys and the entities' `@Owner()` and `hidden`. */
export function holdingsOf(
  tables: readonly Table[],
  entities: readonly EntityMetadata[],
): Holdings {
  // Several entities may share a table.
  const byTable = Map.groupBy(entities, ({ tableName }) => tableName);
  const rules = new Ownership(tables, byTable);
  const held: HeldTable[] = [];
  const unknown: string[] = [];
  for (const table of tables) {
    const belongs = rules.of(table.name);
    const shown = VIEWS[table.name]?.shown ?? shownBut(hiddenIn(byTable.get(table.name)), table);
    if (belongs !== undefined) held.push({ ...table, belongs, shown });
    else if (!(table.name in NOT_PERSONAL)) unknown.push(table.name);
  }
  return { held, unknown };
}

class Ownership {
  readonly #tables: ReadonlyMap<string, Table>;
  readonly #entities: ReadonlyMap<string, readonly EntityMetadata[]>;

  constructor(tables: readonly Table[], entities: ReadonlyMap<string, readonly EntityMetadata[]>) {
    this.#tables = new Map(tables.map((table) => [table.name, table]));
    this.#entities = entities;
  }

  /**
   * A view of its own comes first, then `@Owner()`, then every foreign key to a user. A row without any of these
   * belongs to whom the rows that it refers to belong to, as the lines of an order do.
   * @param way the tables that led here, which a circle of foreign keys would come back to
   */
  of(name: string, way: readonly string[] = []): Condition | undefined {
    const table = this.#tables.get(name);
    if (table === undefined || name in NOT_PERSONAL || way.includes(name)) return undefined;
    const view = VIEWS[name];
    if (view !== undefined) return view.belongs;
    const owners = (this.#entities.get(name) ?? []).flatMap(ownerColumnOf);
    const through = table.links.find(
      (link) => link.table !== PEOPLE && link.pairs.some(({ own }) => owners.includes(own)),
    );
    if (through !== undefined) {
      const theirs = this.of(through.table, [...way, name]);
      return theirs && refersTo(through, theirs);
    }
    const columns =
      owners.length === 0
        ? table.links.filter((link) => link.table === PEOPLE).flatMap(ownColumns)
        : [...new Set(owners)];
    if (columns.length > 0) return anyOf(columns.map((column) => isMe(table, column)));
    return anyOf(
      table.links.flatMap((link) => {
        const theirs = this.of(link.table, [...way, name]);
        return theirs === undefined ? [] : [refersTo(link, theirs)];
      }),
    );
  }
}

/** The column of an `@Owner()` that is kept in the row itself. */
function ownerColumnOf(meta: EntityMetadata): string[] {
  const prototype: object | undefined = meta.class?.prototype;
  const name = prototype && ownerMark(prototype)?.property;
  const [column] = meta.props.find((property) => property.name === name)?.fieldNames ?? [];
  return column === undefined ? [] : [column];
}

function hiddenIn(entities: readonly EntityMetadata[] = []): readonly string[] {
  const hidden = entities.flatMap(({ props }) => props).filter((property) => property.hidden);
  return hidden.flatMap(({ fieldNames }) => fieldNames ?? []);
}

/** Numbers that JavaScript would round are shown as texts. */
const LONG_NUMBERS: readonly string[] = ['bigint', 'numeric'];

function shownBut(hidden: readonly string[], { columns }: Table): Condition {
  const dropped = hidden.map((name) => ` - ${literal(name)}`).join('');
  const asText = columns
    .filter(({ name, type }) => LONG_NUMBERS.includes(type) && !hidden.includes(name))
    .map(({ name }) => [literal(name), name] as const);
  return (row) => {
    const added = asText.map(
      ([key, name]) => ` || jsonb_build_object(${key}, ${row}.${quoted(name)}::text)`,
    );
    return `to_jsonb(${row})${dropped}${added.join('')}`;
  };
}

function ownColumns({ pairs }: Link): string[] {
  return pairs.map(({ own }) => own);
}

function isMe({ columns }: Table, column: string): Condition {
  const isUuid = columns.some(({ name, type }) => name === column && type === 'uuid');
  return (row) => `${row}.${quoted(column)} = ${isUuid ? ME : `${ME}::text`}`;
}

function refersTo({ table, pairs }: Link, theirs: Condition): Condition {
  return (row) => {
    const other = `${row}_of`;
    const same = pairs.map(
      ({ own, theirs: key }) => `${other}.${quoted(key)} = ${row}.${quoted(own)}`,
    );
    return `exists (select from ${quoted(table)} as ${other} where ${same.join(' and ')} and ${theirs(other)})`;
  };
}

function anyOf(conditions: readonly Condition[]): Condition | undefined {
  if (conditions.length === 0) return undefined;
  return (row) => `(${conditions.map((condition) => condition(row)).join(' or ')})`;
}

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
