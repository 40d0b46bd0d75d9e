import { hash } from 'node:crypto';
import type { Sql } from './sql.js';

/** Counts changes of the tables that `create table if not exists` does not make up for. */
const FORMAT = 2;

/** Everything the local pool keeps; it never holds a password. */
const STATEMENTS = [
  'create schema if not exists local_pool',
  `create table if not exists local_pool.installation (
     singleton boolean primary key default true check (singleton),
     id uuid not null, keys jsonb not null, seeded jsonb)`,
  'alter table local_pool.installation add column if not exists format int not null default 1',
  `alter table local_pool.installation alter column format set default ${FORMAT}`,
  `create table if not exists local_pool.pool (
     id text primary key, created_at timestamptz not null, modified_at timestamptz not null,
     settings jsonb not null)`,
  `create table if not exists local_pool.client (
     id text primary key, pool_id text not null references local_pool.pool on delete cascade,
     created_at timestamptz not null, modified_at timestamptz not null, settings jsonb not null)`,
  `create table if not exists local_pool.account (
     pool_id text not null references local_pool.pool on delete cascade,
     sub uuid not null, username text not null, name_key text not null,
     attributes jsonb not null, status text not null, enabled boolean not null,
     created_at timestamptz not null, modified_at timestamptz not null,
     version int not null, password jsonb, codes jsonb not null,
     primary key (pool_id, sub), unique (pool_id, name_key))`,
  `create table if not exists local_pool.alias (
     pool_id text not null, kind text not null, value text not null, sub uuid not null,
     primary key (pool_id, kind, value),
     foreign key (pool_id, sub) references local_pool.account on delete cascade)`,
  `create table if not exists local_pool.pool_group (
     pool_id text not null references local_pool.pool on delete cascade, name text not null,
     settings jsonb not null, created_at timestamptz not null, modified_at timestamptz not null,
     primary key (pool_id, name))`,
  `create table if not exists local_pool.membership (
     pool_id text not null, group_name text not null, sub uuid not null,
     primary key (pool_id, sub, group_name),
     foreign key (pool_id, group_name) references local_pool.pool_group on delete cascade,
     foreign key (pool_id, sub) references local_pool.account on delete cascade)`,
  `create table if not exists local_pool.sign_in (
     event_id uuid primary key, origin_jti uuid not null unique,
     pool_id text not null, client_id text not null, sub uuid not null,
     scope text not null, auth_time bigint not null, expires_at bigint not null,
     revoked boolean not null default false,
     foreign key (pool_id, sub) references local_pool.account on delete cascade)`,
  `create table if not exists local_pool.refresh_token (
     hash text primary key,
     event_id uuid not null references local_pool.sign_in on delete cascade, retired_at bigint)`,
  `create table if not exists local_pool.challenge (
     hash text primary key, client_id text not null references local_pool.client on delete cascade,
     kind text not null, state jsonb not null, expires_at bigint not null)`,
  `create table if not exists local_pool.resource_server (
     pool_id text not null references local_pool.pool on delete cascade, identifier text not null,
     settings jsonb not null, primary key (pool_id, identifier))`,
  `create table if not exists local_pool.authorization_code (
     hash text primary key, client_id text not null references local_pool.client on delete cascade,
     pool_id text not null, sub uuid not null, redirect_uri text not null, scope text not null,
     nonce text, code_challenge text, auth_time bigint not null, expires_at bigint not null,
     uses int not null default 0, event_id uuid,
     foreign key (pool_id, sub) references local_pool.account on delete cascade)`,
  `create table if not exists local_pool.browser_session (
     hash text primary key, pool_id text not null, sub uuid not null,
     auth_time bigint not null, expires_at bigint not null,
     foreign key (pool_id, sub) references local_pool.account on delete cascade)`,
];

/** The tables are of an older version, which kept other things. */
export class OutdatedPoolError extends Error {
  constructor() {
    super('The local pool in the database was made by an older version of Lifeguard.');
  }
}

const BODY = STATEMENTS.map((statement) => `${statement};`).join('\n');
/** Kept as the schema's comment: looking at each table takes the embedded database 50 ms of every start. */
const MADE_BY = hash('sha256', BODY);

/**
 * Makes what is missing; servers that start at once wait for each other.
 * @throws OutdatedPoolError
 */
export async function createSchema(sql: Sql): Promise<void> {
  const [made] = await sql.query<{ by: string | null }>(
    `select obj_description(to_regnamespace('local_pool'), 'pg_namespace') as by`,
  );
  if (made?.by !== MADE_BY)
    await sql.query(
      `do $do$ begin perform pg_advisory_xact_lock(4001202612); ${BODY}
       comment on schema local_pool is '${MADE_BY}'; end $do$`,
    );
  const [kept] = await sql.query<{ format: number }>('select format from local_pool.installation');
  if (kept !== undefined && kept.format !== FORMAT) throw new OutdatedPoolError();
}
