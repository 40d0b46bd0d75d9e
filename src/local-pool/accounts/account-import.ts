import type { Pool } from '../pools/pool-store.js';
import type { Sql } from '../sql.js';
import type { NewAccount } from './account.js';
import { aliasesOf, nameKey } from './aliases.js';

/**
 * Adds many accounts by one statement, whole or not at all. Their names and aliases have to be free: it is
 * for a pool that nobody else fills yet.
 */
export async function importAccounts(
  sql: Sql,
  pool: Pool,
  accounts: readonly NewAccount[],
): Promise<void> {
  const rows = accounts.map((account) => ({
    ...account,
    key: nameKey(pool, account.username),
    aliases: aliasesOf(pool, account.attributes),
  }));
  await sql.query(
    `with given as (
       select * from jsonb_to_recordset($2::jsonb) as g(
         sub uuid, username text, key text, attributes jsonb, status text, password jsonb, aliases jsonb)),
     written as (
       insert into local_pool.account (pool_id, sub, username, name_key, attributes, status, enabled,
         created_at, modified_at, version, password, codes)
       select $1, g.sub, g.username, g.key, g.attributes, g.status, true, now(), now(), 1, g.password, '{}'
       from given g)
     insert into local_pool.alias (pool_id, kind, value, sub)
     select $1, a.kind, a.value, g.sub
     from given g, jsonb_to_recordset(g.aliases) as a(kind text, value text)`,
    [pool.id, JSON.stringify(rows)],
  );
}
