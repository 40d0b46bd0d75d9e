import type { EntityManager } from '@mikro-orm/postgresql';
import type { Server } from '../../src/app.js';
import { groupCheckOf, mirrorOf, sightingsOf, viewerChangesOf } from '../../src/directory/index.js';

/** Marks the statements: no test counts them. */
const STATEMENT = { label: 'reset' };

/** What the content of a table is known by: how many rows, where they are, and who wrote them. */
const versionOf = ({ name }: Table) =>
  `(select (count(*), sum(hashtid(ctid)), sum(age(xmin) - began))::text from ${name})`;

/** Of all tables, in one statement; `began` is how old the transaction is that made the copies. */
const versionsOf = (tables: readonly Table[]) => `array[${tables.map(versionOf).join(', ')}]`;

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
 * with what puts it back, in some milliseconds: only tables that were written are compared with their
 * copies, and only rows that differ are written.
 *
 * It ends what the server still does behind its answers, and what it remembers of the database:
 * sign-ins, recent answers of the pool, accounts just asked about. Jobs that the test has begun are the
 * test's to wait for. The local pool goes on knowing the pools and clients made since; what it counts
 * (`calls`), the rate limits and remembered signatures of tokens depend on no row and stay too.
 */
export async function resettable({ app }: Server): Promise<() => Promise<void>> {
  const settled = async () => {
    await Promise.all([mirrorOf(app).settle(), groupCheckOf(app).settle()]);
    await sightingsOf(app).flush();
  };
  const em: EntityManager = app.orm.em.fork();
  const run = (sql: string) => em.execute(sql, [], 'run', STATEMENT);
  await settled();
  const tables = await tablesOf(em);
  await em.transactional(async (inner) => {
    for (const statement of keep(tables)) await inner.execute(statement, [], 'run', STATEMENT);
  });
  return async () => {
    await settled();
    await run('select kept.put_back()');
    mirrorOf(app).forgetAnswers();
    groupCheckOf(app).forgetAsked();
    viewerChangesOf(app).restart();
    await viewerChangesOf(app).read();
  };
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

const rowsOf = (tables: readonly Table[]) =>
  `array[${tables.map(({ name }) => `(select count(*)::int from ${name})`).join(', ')}]`;

/** The copies, and a function that knows every table: its plans are kept, so that it is fast. */
function keep(tables: readonly Table[]): string[] {
  // Neither triggers nor foreign keys: the copy has passed them, and its order is not theirs.
  const putBack = `
    create function kept.put_back() returns void language plpgsql
    set session_replication_role = replica as $$
    declare
      began int := (select age(xid) from kept.copied);
      kept_versions text[] := (select versions from kept.copied);
      kept_rows int[] := (select rows from kept.copied);
      versions_now text[] := ${versionsOf(tables)};
    begin
      if versions_now = kept_versions then return; end if;
      ${tables.map(putBackOne).join('')}
      update kept.copied set versions = kept_versions;
    end $$`;
  return [
    'create schema kept',
    'create table kept.copied as select pg_current_xact_id()::xid as xid, null::text[] as versions, null::int[] as rows',
    ...tables.map(
      ({ name }, index) =>
        `create table ${copyOf(index)} as select x.*, x.ctid as place, x.xmin as writer from ${name} as x`,
    ),
    `update kept.copied set versions = ${versionsOf(tables)}, rows = ${rowsOf(tables)} from (select age(xid) as began from kept.copied)`,
    putBack,
  ];
}

/**
 * A row is the one that was copied where it is in the same place and by the same writer. Changing the
 * role drops the plans that were kept, so no statement is run, and planned, that has nothing to do.
 */
function putBackOne(table: Table, index: number): string {
  const { name, columns, key } = table;
  const copy = copyOf(index);
  return `
    if versions_now[${index + 1}] <> kept_versions[${index + 1}] then
      delete from ${name} as x where not exists (
        select from ${copy} as k where k.place = x.ctid and k.writer = x.xmin);
      if (select count(*) from ${name}) < kept_rows[${index + 1}] then
        insert into ${name} (${columns}) overriding system value select ${columns} from ${copy} as k
          where not exists (select from ${name} as x where x.ctid = k.place and x.xmin = k.writer);
        update ${copy} as k set place = x.ctid, writer = x.xmin from ${name} as x
          where (${qualified('k', key)}) = (${qualified('x', key)}) and (k.place <> x.ctid or k.writer <> x.xmin);
        kept_versions[${index + 1}] := ${versionOf(table)};
      end if;
    end if;`;
}

const qualified = (table: string, columns: string) =>
  columns
    .split(', ')
    .map((column) => `${table}.${column}`)
    .join(', ');

const copyOf = (index: number) => `kept.table_${index}`;
