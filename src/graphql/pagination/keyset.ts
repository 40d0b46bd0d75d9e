import type {
  EntityClass,
  EntityDictionary,
  EntityKey,
  EntityMetadata,
  EntityProperty,
  FilterQuery,
  QueryOrderMap,
} from '@mikro-orm/core';
import { ReferenceKind, raw } from '@mikro-orm/core';
import type { EntityManager, QueryBuilder } from '@mikro-orm/postgresql';
import { LRUCache } from 'lru-cache';
import type { BaseEntity } from '../../database/base-entity.js';
import { entityOfRow, isPlain, looseEntityOfRow } from '../../database/entity-of-row.js';
import { builtOnce } from '../../request/per-request.js';
import {
  forEachParent,
  foundThenSorted,
  oneAfterTheOther,
  oneOrTheOther,
  PARENT_ID,
  type Query,
} from './keyset-query.js';

/** Rows by one property, those without a value last in either direction; ties go by id, the same way. */
export interface KeysetOrder<Row> {
  readonly by: EntityKey<Row>;
  readonly direction: 'asc' | 'desc';
}

/** The value of the property that a list is ordered by, as JSON has it, and the id. */
export type Position = readonly [value: string | number | boolean | null, id: string];

export interface Reading<Row> {
  /** What an index on (property, id) narrows: all rows, or a range of the property itself. */
  readonly where: FilterQuery<Row>;
  /** What each row has to be looked at for. */
  readonly filter: FilterQuery<Row> | undefined;
  /** Only what comes after it, in the direction of reading. */
  readonly from: Position | undefined;
  /** Reads from the end of the list. */
  readonly backward: boolean;
  readonly limit: number;
}

type Part = 'valued' | 'null';

/**
 * Rows that are looked at in the order of the list before a filter's matches are looked for elsewhere: a page of
 * 50 is among them where one in a hundred matches.
 */
const WINDOW = 6_500;

/** Queries of first pages that are remembered, of each entity. */
const MOST_QUERIES = 200;

/** What first pages of an entity were asked with: to build a query takes longer than to execute it. */
const queriesOf = builtOnce(
  (_meta: EntityMetadata) => new LRUCache<string, Query>({ max: MOST_QUERIES }),
);

/**
 * Reads a list of an index on (property, id) by one statement. Rows with and without a value are two ranges
 * of that index, read one after the other: a single condition for both would have no beginning in the
 * index, and the millionth row would cost a million. Of a filtered list the next rows in order are looked
 * at, which suffice where many match; else all that match are found by their own index and sorted. The
 * planner's choice between the two would be a guess, and a wrong one reads the whole table row by row.
 */
export class Keyset<Row extends BaseEntity> {
  readonly #em: EntityManager;
  readonly #entity: EntityClass<Row>;
  readonly #order: KeysetOrder<Row>;
  readonly #meta: EntityMetadata<Row>;
  /** Those that are read always, and the one that the list is ordered by. */
  readonly #columns: readonly EntityProperty<Row>[];

  constructor(em: EntityManager, entity: EntityClass<Row>, order: KeysetOrder<Row>) {
    this.#em = em;
    this.#entity = entity;
    this.#order = order;
    this.#meta = em.getMetadata(entity);
    this.#columns = this.#meta.props.filter(
      ({ name, lazy, persist, fieldNames, kind }) =>
        persist !== false &&
        fieldNames !== undefined &&
        kind !== ReferenceKind.ONE_TO_MANY &&
        (lazy !== true || name === order.by),
    );
  }

  /** At most `limit` rows in the direction of reading. */
  async rows(reading: Reading<Row>): Promise<Row[]> {
    return this.#execute(this.#query(await this.#asSeen(reading)));
  }

  /**
   * The same for each of several parents, in one statement; rows of one parent stand in the direction of reading.
   * @param relation the property of a row that leads to its parent; the order's index begins with it.
   */
  async rowsOfEach(
    relation: EntityKey<Row>,
    parentIds: readonly string[],
    reading: Reading<Row>,
  ): Promise<Row[]> {
    const ofParent = untyped<FilterQuery<Row>>({ [relation]: raw(PARENT_ID) });
    const where = untyped<FilterQuery<Row>>({ $and: [ofParent, reading.where] });
    const query = this.#query(await this.#asSeen({ ...reading, where }, relation));
    return this.#execute(forEachParent(query, parentIds));
  }

  async #execute({ sql, params }: Query): Promise<Row[]> {
    const rows = await this.#em
      .getConnection('read')
      .execute<EntityDictionary<Row>[]>(sql, [...params], 'all');
    const made = isPlain(this.#meta, this.#columns) ? looseEntityOfRow : entityOfRow;
    return rows.map((row) => made(this.#em, this.#entity, row));
  }

  positionOf(row: Row): Position {
    const value: unknown = row[this.#order.by];
    // What a list is ordered by is a time, or what JSON has: a text, a number, a flag.
    return [value instanceof Date ? value.toISOString() : ((value ?? null) as Position[0]), row.id];
  }

  /** Only rows that the viewer may see: MikroORM's builder leaves its filters to whoever uses it. */
  async #asSeen(reading: Reading<Row>, relation?: string): Promise<Reading<Row>> {
    const seen = await this.#em.applyFilters<Row>(this.#entity, {}, {}, 'read');
    if (seen === undefined || Object.keys(seen).length === 0) return reading;
    const both = (one: FilterQuery<Row> | undefined) =>
      one === undefined ? seen : untyped<FilterQuery<Row>>({ $and: [one, seen] });
    // A value of the row itself begins an index; what is among a subquery's is looked at row by row, unless
    // it is the parent's, which is the same for all.
    const isOfIndex = Object.entries(seen).every(
      ([property, value]) => typeof value === 'string' || property === relation,
    );
    return isOfIndex
      ? { ...reading, where: both(reading.where) }
      : { ...reading, filter: both(reading.filter) };
  }

  #query(reading: Reading<Row>): Query {
    const { where, filter = null, from } = reading;
    if (from !== undefined || !isData([where, filter])) return this.#build(reading);
    const key = JSON.stringify([this.#order, reading]);
    const queries = queriesOf(this.#meta);
    const query = queries.get(key) ?? this.#build(reading);
    queries.set(key, query);
    return query;
  }

  #build(reading: Reading<Row>): Query {
    const { filter, limit } = reading;
    const [first, second] = this.#parts(reading);
    if (filter === undefined) {
      const head = this.#select(this.#inOrder(first, reading).limit(limit));
      if (second === undefined) return head;
      const tail = this.#select(this.#inOrder(second, reading).limit(limit));
      return oneAfterTheOther(head, tail, limit);
    }
    const window = this.#inOrder(first, reading).select('*').limit(WINDOW);
    // As if it were the table: to compare the types of two builders takes the compiler seconds.
    const inWindow = this.#em.createQueryBuilder<Row, 'row'>(
      untyped<EntityClass<Row>>(window),
      'row',
    );
    const near = this.#select(inWindow.where(untyped(filter)));
    const far = this.#select(this.#rowsOf([first, second], reading).andWhere(untyped(filter)));
    return oneOrTheOther(
      { sql: `${near.sql} limit ?`, params: [...near.params, limit] },
      foundThenSorted(far, this.#orderSql(reading), limit),
      limit,
    );
  }

  /** Of the two ranges those that are read, in the order of reading. */
  #parts({ from, backward }: Reading<Row>): readonly [Part, Part?] {
    if (!this.#isNullable) return ['valued'];
    if (from === undefined) return backward ? ['null', 'valued'] : ['valued', 'null'];
    if (from[0] === null) return backward ? ['null', 'valued'] : ['null'];
    return backward ? ['valued'] : ['valued', 'null'];
  }

  #rowsOf(parts: readonly (Part | undefined)[], reading: Reading<Row>) {
    const ranges = parts.filter((part) => part !== undefined);
    return this.#em
      .createQueryBuilder(this.#entity, 'row')
      .where(untyped(reading.where))
      .andWhere(untyped({ $or: ranges.map((part) => this.#range(part, reading)) }));
  }

  /** A part by the index on (property, id). */
  #inOrder(part: Part, reading: Reading<Row>) {
    const way = this.#isAscending(reading) ? 'asc' : 'desc';
    // Within the rows without a value a second key would be one too many for the index.
    const keys = part === 'null' ? ['id'] : [this.#order.by, 'id'];
    return this.#rowsOf([part], reading).orderBy(
      untyped<QueryOrderMap<Row>[]>(keys.map((key) => ({ [key]: way }))),
    );
  }

  #range(part: Part, reading: Reading<Row>): object {
    const { by } = this.#order;
    const [value, id] = reading.from ?? [];
    const past = this.#isAscending(reading) ? '$gt' : '$lt';
    if (part === 'null')
      return value === null ? { [by]: null, id: { [past]: id } } : { [by]: null };
    if (value === undefined || value === null)
      return this.#isNullable ? { [by]: { $ne: null } } : {};
    const key = this.#property.runtimeType === 'Date' ? new Date(String(value)) : value;
    // The first condition is where the index is entered; the second tells ties apart.
    return {
      [by]: { [`${past}e`]: key },
      $or: [{ [by]: { [past]: key } }, { id: { [past]: id } }],
    };
  }

  /** Nulls stand at the list's end, whichever way it is read. */
  #orderSql(reading: Reading<Row>): string {
    const way = this.#isAscending(reading) ? 'asc' : 'desc';
    const nulls = reading.backward ? 'first' : 'last';
    return `"${this.#property.fieldNames[0]}" ${way} nulls ${nulls}, "id" ${way}`;
  }

  #isAscending({ backward }: Reading<Row>): boolean {
    return (this.#order.direction === 'asc') !== backward;
  }

  #select(builder: QueryBuilder<Row, 'row'>): Query {
    return builder
      .select(untyped<EntityKey<Row>[]>(this.#columns.map(({ name }) => name)))
      .toQuery();
  }

  get #property() {
    return this.#meta.properties[this.#order.by];
  }

  get #isNullable(): boolean {
    return this.#property.nullable === true;
  }
}

/** Whether JSON tells a condition from every other: of fragments of SQL, among others, it would leave out what they say. */
function isData(condition: unknown): boolean {
  if (condition === null || condition instanceof Date || Number.isFinite(condition)) return true;
  if (typeof condition === 'string' || typeof condition === 'boolean') return true;
  if (Array.isArray(condition)) return condition.every(isData);
  return (
    typeof condition === 'object' &&
    Object.getPrototypeOf(condition) === Object.prototype &&
    Reflect.ownKeys(condition).every((key) => typeof key === 'string' && /^[$\w]+$/.test(key)) &&
    Object.values(condition).every(isData)
  );
}

/** MikroORM types conditions, orders and columns by the entity's own keys, which a generic one does not tell. */
function untyped<Wanted>(value: unknown): Wanted {
  return value as Wanted;
}
