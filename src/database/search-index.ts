import type { EntityManager } from '@mikro-orm/postgresql';

/**
 * The index that a contains-search is fast by, where the database offers the extension pg_trgm and lets its
 * owner make it (it is trusted since PostgreSQL 13); without it the same rows are found, more slowly. Asked
 * for at every start, so that a database that gets the extension later gets the index too. Without
 * GIN's pending list, since every search would have to read it through.
 */
const MAKE = `
do $$ begin
  if to_regclass('app_user_search_index') is not null then return; end if;
  if not exists (select from pg_available_extensions where name = 'pg_trgm') then return; end if;
  create extension if not exists pg_trgm;
  create index app_user_search_index on app_user
    using gin (listed_names gin_trgm_ops, listed_contacts gin_trgm_ops) with (fastupdate = off);
exception when insufficient_privilege or undefined_object or undefined_file or feature_not_supported then
  -- The extension is another's to make, or in a schema that is not looked into.
end $$`;

/** Whether there is such an index now. */
export async function ensureSearchIndex(em: EntityManager): Promise<boolean> {
  await em.execute(MAKE);
  return hasSearchIndex(em);
}

export async function hasSearchIndex(em: EntityManager): Promise<boolean> {
  const [row] = await em.execute<{ made: boolean }[]>(
    "select to_regclass('app_user_search_index') is not null as made",
  );
  return row?.made === true;
}
