/** A statement as MikroORM's builder gives it, with a `?` for each parameter. */
export interface Query {
  readonly sql: string;
  readonly params: readonly unknown[];
}

/**
 * The rows of the first query, then those of the second, which is not executed where the first fills the
 * page.
 */
export function oneAfterTheOther(first: Query, second: Query, limit: number): Query {
  return inTurn({ first, second, limit, keptFrom: 0 });
}

/** The rows of the first query where they fill the page; else those of the second, which has them all. */
export function oneOrTheOther(first: Query, second: Query, limit: number): Query {
  return inTurn({ first, second, limit, keptFrom: limit });
}

/**
 * Sorts what a query finds in whatever way it is found fastest: OFFSET 0 keeps the planner from walking the
 * index of the order until enough rows happen to match (PostgreSQL, "Table Expressions": a subquery with
 * OFFSET is not pulled up).
 */
export function foundThenSorted({ sql, params }: Query, orderBy: string, limit: number): Query {
  return {
    sql: `select * from (${sql} offset 0) as found order by ${orderBy} limit ?`,
    params: [...params, limit],
  };
}

/** The parent whose rows a query finds, where it is asked for each of several. */
export const PARENT_ID = '"parent"."id"';

/**
 * Asks a query, which names PARENT_ID, for each of the parents: each by itself enters the index and stops after a
 * page. A window over all of their rows would number every one of them first.
 */
export function forEachParent({ sql, params }: Query, parentIds: readonly string[]): Query {
  return {
    sql: `select "row".* from unnest(?::uuid[]) with ordinality as "parent" ("id", "number")
          cross join lateral (select *, row_number() over () as "rank" from (${sql}) as "found") as "row"
          order by "parent"."number", "row"."rank"`,
    params: [`{${parentIds.join(',')}}`, ...params],
  };
}

interface Turns {
  readonly first: Query;
  readonly second: Query;
  readonly limit: number;
  /** The first query's rows count if there are at least as many. */
  readonly keptFrom: number;
}

/** UNION ALL by itself promises no order, hence the numbers; conditions without a row are asked once. */
function inTurn({ first, second, limit, keptFrom }: Turns): Query {
  return {
    sql: `with head as materialized (${first.sql}), tail as materialized (
            select * from (${second.sql}) as others where (select count(*) from head) < ?)
          select * from (
            select *, 1 as turn, row_number() over () as place from head
            where (select count(*) from head) >= ?
            union all select *, 2, row_number() over () from tail) as page
          order by turn, place limit ?`,
    params: [...first.params, ...second.params, limit, keptFrom, limit],
  };
}
