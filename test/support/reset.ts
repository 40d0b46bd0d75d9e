import { IsolationLevel } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Server } from '../../src/app.js';
import { groupCheckOf, mirrorOf, sightingsOf, viewerChangesOf } from '../../src/directory/index.js';
import { until } from './process.js';

/** Marks the statements: no test counts them. */
const STATEMENT = { label: 'reset' };

/**
 * Whether a row was written since the copies, or was being written then. Those that a reset itself
 * wrote are the copies' again.
 */
const isNew = '(age(xmin) <= age(oldest_then) and xmin <> writer_then)';

/** How many rows a table has, and where one of them is new, what is below zero by as many and one. */
const stateOf = ({ name }: Table) =>
  `(select case when bool_or(${isNew}) then -1 - count(*) else count(*) end::int from ${name})`;

interface Table {
  /** Quoted, with its schema. */
  readonly name: string;
  /** Those that can be written, quoted, as a list. */
  readonly columns: string;
  /** Those of the primary key. */
  readonly key: string;
}

/**
 * Keeps the content of a running server's database beside it, in a schema of its own, and answers
 * with what puts it back, in some milliseconds: only rows that were written or lost since are touched.
 *
 * It ends what the server still does behind its answers, and what it remembers of the database:
 * sign-ins, recent answers of the pool, accounts just asked about. Jobs that the test has begun are the
 * test's to wait for. The local pool goes on knowing the pools and clients made since; what it counts
 * (`calls`), the rate limits and remembered signatures of tokens depend on no row and stay too.
 */
export async function resettable({ app }: Server): Promise<() => Promise<void>> {
  const settled = () => Promise.all([mirrorOf(app).settle(), groupCheckOf(app).settle()]);
  const em: EntityManager = app.orm.em.fork();
  const run = (sql: string) => em.execute(sql, [], 'run', STATEMENT);
  await settled();
  await sightingsOf(app).flush();
  await noJobRuns(em);
  const tables = await tablesOf(em);
  await em.transactional(
    async (inner) => {
      for (const statement of keep(tables)) await inner.execute(statement, [], 'run', STATEMENT);
    },
    { isolationLevel: IsolationLevel.REPEATABLE_READ },
  );
  return async () => {
    await Promise.all([settled(), sightingsOf(app).forget()]);
    await run('select kept.put_back()');
    mirrorOf(app).forgetAnswers();
    groupCheckOf(app).forgetAsked();
    viewerChangesOf(app).restart();
    await viewerChangesOf(app).read();
  };
}

/** Of what the start has begun: a copy of a job under way would have it under way again. */
async function noJobRuns(em: EntityManager): Promise<void> {
  await until(async () => {
    const sql = 'select 1 from job where claim is not null limit 1';
    const running = await em.execute(sql, [], 'all', STATEMENT);
    return running.length === 0 || undefined;
  });
}

/** Every table with rows of the server, its local pool and the migrations. */
export async function tablesOf(em: EntityManager): Promise<readonly Table[]> {
  return em.execute<Table[]>(
    `select format('%I.%I', n.nspname, c.relname) as name,
       (select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute
        where attrelid = c.oid and attnum > 0 and not attisdropped and attgenerated = '') as columns,
       (select string_agg(quote_ident(attname), ', ') from pg_attribute join pg_index i on i.indrelid = attrelid
        where i.indrelid = c.oid and i.indisprimary and attnum = any(i.indkey)) as key
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema', 'kept')
     order by 1`,
    [],
    'all',
    STATEMENT,
  );
}

/** The copies, and a function that puts back what is not as there. */
function keep(tables: readonly Table[]): string[] {
  // Neither triggers nor foreign keys: the copy has passed them, and its order is not theirs.
  const putBack = `
    create function kept.put_back() returns void language plpgsql
    set session_replication_role = replica as $$
    declare
      oldest_now xid := ${OLDEST};
      oldest_then xid := (select oldest from kept.copied);
      writer_then xid := (select writer from kept.copied);
      states int[] := array[${tables.map(stateOf).join(', ')}];
      rows_then int[] := (select rows from kept.copied);
      remaining int;
      deleted int;
    begin
      if states = rows_then then return; end if;
      ${tables.map(putBackOne).join('')}
      update kept.copied set oldest = oldest_now, writer = ${WRITER};
    end $$`;
  const rows = tables.map(({ name }) => `(select count(*)::int from ${name})`).join(', ');
  return [
    'create schema kept',
    ...tables.map(({ name }, index) => `create table ${copyOf(index)} as table ${name}`),
    `create table kept.copied as select ${OLDEST} as oldest, ${WRITER} as writer, array[${rows}] as rows`,
    putBack,
  ];
}

const OLDEST = 'pg_snapshot_xmin(pg_current_snapshot())::xid';
const WRITER = 'pg_current_xact_id()::xid';

/** Changing the role drops plans that were kept: no statement is run, and planned, that has nothing to do. */
function putBackOne({ name, columns, key }: Table, index: number): string {
  const at = index + 1;
  return `
    if states[${at}] <> rows_then[${at}] then
      remaining := states[${at}];
      if remaining < 0 then
        delete from ${name} where ${isNew};
        get diagnostics deleted = row_count;
        remaining := -1 - remaining - deleted;
      end if;
      if remaining < rows_then[${at}] then
        insert into ${name} (${columns}) overriding system value select ${columns} from ${copyOf(index)} as k
          where not exists (select from ${name} as x where (${qualified('x', key)}) = (${qualified('k', key)}));
      end if;
    end if;`;
}

const qualified = (table: string, columns: string) =>
  columns
    .split(', ')
    .map((column) => `${table}.${column}`)
    .join(', ');

const copyOf = (index: number) => `kept.table_${index}`;
