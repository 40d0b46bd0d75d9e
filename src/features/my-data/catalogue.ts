import type { EntityManager } from '@mikro-orm/postgresql';
import { z } from 'zod';
import { withoutRowRules } from '../../database/row-view.js';

const columns = z.array(z.object({ name: z.string(), type: z.string() }));
const links = z.array(
  z.object({
    /** The table that is referred to. */
    table: z.string(),
    pairs: z.array(z.object({ own: z.string(), theirs: z.string() })),
  }),
);

/** A column with its type as one would write it in a cast. */
export type Column = z.infer<typeof columns>[number];

/** A foreign key. */
export type Link = z.infer<typeof links>[number];

/** A table as the database knows it. */
export interface Table {
  readonly name: string;
  readonly columns: readonly Column[];
  /** Names of the columns of the primary key, in its order. */
  readonly key: readonly string[];
  readonly links: readonly Link[];
}

/**
 * Every table of the application's schema by name, whoever made it. Not cached: another version of the server may
 * have added one. The local pool, which stands in for Cognito, has a schema of its own.
 */
export async function readCatalogue(em: EntityManager): Promise<Table[]> {
  const rows = await withoutRowRules(em, 'the catalogue has no rows of people').execute<
    { name: string; columns: string; key: string; links: string }[]
  >(READ);
  return rows.map(({ name, ...row }) => ({
    name,
    columns: columns.parse(JSON.parse(row.columns)),
    key: z.array(z.string()).parse(JSON.parse(row.key)),
    links: links.parse(JSON.parse(row.links)),
  }));
}

const READ = `
select owner.relname as name,
  (select coalesce(jsonb_agg(
     jsonb_build_object('name', attname, 'type', format_type(atttypid, null)) order by attnum), '[]')
   from pg_attribute where attrelid = owner.oid and attnum > 0 and not attisdropped)::text as columns,
  (select coalesce(jsonb_agg(field.attname order by part.place), '[]')
   from pg_index
   cross join unnest(pg_index.indkey::int2[]) with ordinality as part(number, place)
   join pg_attribute field on field.attrelid = owner.oid and field.attnum = part.number
   where pg_index.indrelid = owner.oid and pg_index.indisprimary)::text as key,
  (select coalesce(jsonb_agg(
     jsonb_build_object('table', referred.relname, 'pairs', (
       select jsonb_agg(jsonb_build_object('own', own.attname, 'theirs', theirs.attname) order by place)
       from unnest(link.conkey, link.confkey) with ordinality as pair(own, theirs, place)
       join pg_attribute own on own.attrelid = link.conrelid and own.attnum = pair.own
       join pg_attribute theirs on theirs.attrelid = link.confrelid and theirs.attnum = pair.theirs
     )) order by link.conname), '[]')
   from pg_constraint link join pg_class referred on referred.oid = link.confrelid
   where link.contype = 'f' and link.conrelid = owner.oid)::text as links
from pg_class owner
where owner.relnamespace = current_schema()::regnamespace
  and owner.relkind in ('r', 'p') and not owner.relispartition
order by owner.relname::text collate "C"`;

export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
