import { randomUUID } from 'node:crypto';
import { CognitoError, userNotFound } from './errors.js';
import type { Pool } from './pool-store.js';
import type { Sql } from './sql.js';
import type { SrpVerifier } from './srp.js';

export type Attributes = Readonly<Record<string, string>>;

export interface Account {
  readonly poolId: string;
  readonly sub: string;
  readonly username: string;
  /** Without `sub`. */
  readonly attributes: Attributes;
  readonly status: string;
  readonly enabled: boolean;
  /** Seconds since the epoch. */
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly srp: SrpVerifier | undefined;
  /** A confirmation code that awaits its answer. */
  readonly code: { readonly value: string; readonly expiresAt: number } | undefined;
  /** Milliseconds since the epoch: tokens of before are refused by the pool's own API. */
  readonly signedOutAt: number;
}

export interface NewAccount {
  readonly username: string;
  readonly attributes: Attributes;
  readonly status: string;
  readonly srp: SrpVerifier;
  readonly code?: Account['code'];
}

interface Row {
  readonly pool_id: string;
  readonly sub: string;
  readonly username: string;
  readonly attributes: string;
  readonly status: string;
  readonly enabled: boolean;
  readonly created_at: number;
  readonly modified_at: number;
  readonly srp: string | null;
  readonly code: string | null;
  readonly signed_out_at: string | number;
}

const COLUMNS = `a.pool_id, a.sub::text, a.username, a.attributes::text, a.status, a.enabled,
  extract(epoch from a.created_at)::float8 as created_at,
  extract(epoch from a.modified_at)::float8 as modified_at,
  a.srp::text, a.code::text, a.signed_out_at::float8 as signed_out_at`;

/** Aliases that let a user sign in, with the attribute that has to be `true` for it. */
const ALIASES: readonly (readonly [kind: string, verified: string | undefined])[] = [
  ['email', 'email_verified'],
  ['phone_number', 'phone_number_verified'],
  ['preferred_username', undefined],
];

/** The accounts of all pools. Every change is one statement, whole by itself. */
export class AccountStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** By user name, verified alias or `sub`. @throws CognitoError UserNotFoundException */
  async account(pool: Pool, name: string): Promise<Account> {
    const [row] = await this.#sql.query<Row>(
      `select ${COLUMNS} from local_pool.account a
       where a.pool_id = $1 and (a.name_key = $2 or a.sub::text = $3 or a.sub in (
         select sub from local_pool.alias where pool_id = $1 and value = $2))
       order by a.name_key = $2 desc limit 1`,
      [pool.id, nameKey(pool, name), name],
    );
    if (row === undefined) throw userNotFound();
    return accountOf(row);
  }

  /** @throws CognitoError UsernameExistsException */
  async add(pool: Pool, account: NewAccount): Promise<Account> {
    const sub = randomUUID();
    const username = account.username;
    const rows = await this.#sql.query(
      `insert into local_pool.account (pool_id, sub, username, name_key, attributes, status, enabled,
         created_at, modified_at, srp, code)
       values ($1, $2::uuid, $3, $4, $5::jsonb, $6, true, now(), now(), $7::jsonb, $8::jsonb)
       on conflict (pool_id, name_key) do nothing returning sub`,
      [
        pool.id,
        sub,
        username,
        nameKey(pool, username),
        JSON.stringify(account.attributes),
        account.status,
        JSON.stringify(account.srp),
        account.code === undefined ? null : JSON.stringify(account.code),
      ],
    );
    if (rows.length === 0) throw new CognitoError('UsernameExistsException', 'User already exists');
    return this.account(pool, sub);
  }

  async change(
    { poolId, sub }: Account,
    change: Partial<Pick<Account, 'status' | 'enabled' | 'srp' | 'attributes' | 'code'>>,
  ): Promise<void> {
    const columns = Object.entries(change).map(([column, value]) =>
      column === 'status' || column === 'enabled'
        ? ([column, value, ''] as const)
        : ([column, value === undefined ? null : JSON.stringify(value), '::jsonb'] as const),
    );
    const sets = columns.map(([column, , cast], index) => `${column} = $${index + 3}${cast}`);
    await this.#sql.query(
      `update local_pool.account set ${[...sets, 'modified_at = now()'].join(', ')}
       where pool_id = $1 and sub = $2::uuid`,
      [poolId, sub, ...columns.map(([, value]) => value)],
    );
  }

  async signOut({ poolId, sub }: Account): Promise<void> {
    await this.#sql.query(
      `with refused as (update local_pool.sign_in set revoked = true where pool_id = $1 and sub = $2::uuid)
       update local_pool.account set signed_out_at = $3 where pool_id = $1 and sub = $2::uuid`,
      [poolId, sub, Date.now()],
    );
  }

  async remove({ poolId, sub }: Account): Promise<void> {
    await this.#sql.query('delete from local_pool.account where pool_id = $1 and sub = $2::uuid', [
      poolId,
      sub,
    ]);
  }

  /**
   * Makes the account's verified aliases its own, and drops those it no longer has.
   * @throws CognitoError AliasExistsException where another account has one of them, verified.
   */
  async claimAliases(pool: Pool, { sub }: Account, attributes: Attributes): Promise<void> {
    const names = [...pool.settings.AliasAttributes, ...pool.settings.UsernameAttributes];
    const claimed = ALIASES.flatMap(([kind, verified]) => {
      const value = attributes[kind];
      const counts = verified === undefined || attributes[verified] === 'true';
      return names.includes(kind) && value && counts ? [{ kind, value: nameKey(pool, value) }] : [];
    });
    const [taken] = await this.#sql.query<{ taken: number }>(
      `with wanted as (select kind, value from jsonb_to_recordset($3::jsonb) as w(kind text, value text)),
       dropped as (delete from local_pool.alias a where pool_id = $1 and sub = $2::uuid
         and not exists (select from wanted w where w.kind = a.kind and w.value = a.value)),
       added as (insert into local_pool.alias (pool_id, kind, value, sub)
         select $1, kind, value, $2::uuid from wanted on conflict do nothing)
       select count(*)::int as taken from wanted w join local_pool.alias a
         on a.pool_id = $1 and a.kind = w.kind and a.value = w.value and a.sub <> $2::uuid`,
      [pool.id, sub, JSON.stringify(claimed)],
    );
    if (taken !== undefined && taken.taken > 0)
      throw new CognitoError(
        'AliasExistsException',
        'An account with the given email or phone number already exists.',
      );
  }

  /** A page after a position, in the order of creation; `where` takes its own parameters from $4 on. */
  async page(
    pool: Pool,
    { where, parameters, limit, after }: AccountPage,
  ): Promise<readonly Account[]> {
    const rows = await this.#sql.query<Row>(
      `select ${COLUMNS} from local_pool.account a
       where a.pool_id = $1 and a.sub::text > $2 ${where} order by a.sub::text limit $3::int`,
      [pool.id, after, limit, ...parameters],
    );
    return rows.map(accountOf);
  }
}

export interface AccountPage {
  /** Further conditions on `a`, each beginning with `and`. */
  readonly where: string;
  readonly parameters: readonly unknown[];
  readonly limit: number;
  /** The `sub` after which the page begins; empty at the beginning. */
  readonly after: string;
}

export function nameKey(pool: Pool, name: string): string {
  return pool.settings.UsernameConfiguration.CaseSensitive ? name : name.toLowerCase();
}

function accountOf(row: Row): Account {
  return {
    poolId: row.pool_id,
    sub: row.sub,
    username: row.username,
    attributes: JSON.parse(row.attributes),
    status: row.status,
    enabled: row.enabled,
    createdAt: row.created_at,
    modifiedAt: row.modified_at,
    srp: row.srp === null ? undefined : JSON.parse(row.srp),
    code: row.code === null ? undefined : JSON.parse(row.code),
    signedOutAt: Number(row.signed_out_at),
  };
}
