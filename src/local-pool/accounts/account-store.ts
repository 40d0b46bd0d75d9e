import { CognitoError, userNotFound } from '../errors.js';
import type { Pool } from '../pools/pool-store.js';
import type { Sql } from '../sql.js';
import {
  type Account,
  type AccountRow,
  type AccountState,
  accountOf,
  COLUMNS,
  type NewAccount,
} from './account.js';
import { type AliasConflict, aliasClaim, aliasExists, aliasTaken, nameKey } from './aliases.js';

export interface AccountPage {
  /** Further conditions on `a`, each beginning with `and`; their parameters count from $4 on. */
  readonly where: string;
  readonly parameters: readonly unknown[];
  readonly limit: number;
  /** The `sub` after which the page begins; empty at the beginning. */
  readonly after: string;
}

/** The accounts of all pools. Every change is one statement, whole by itself. */
export class AccountStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** By what people call an account: its user name before its `sub`, and that before an alias. */
  async find(pool: Pool, name: string): Promise<Account | undefined> {
    const [row] = await this.#sql.query<AccountRow>(
      `select ${COLUMNS} from local_pool.account a
       where a.pool_id = $1 and (a.name_key = $2 or a.sub::text = $3 or a.sub in (
         select sub from local_pool.alias where pool_id = $1 and value = $2))
       order by a.name_key = $2 desc, a.sub::text = $3 desc limit 1`,
      [pool.id, nameKey(pool, name), name],
    );
    return row && accountOf(row);
  }

  /** As `find`. @throws CognitoError UserNotFoundException */
  async account(pool: Pool, name: string): Promise<Account> {
    const account = await this.find(pool, name);
    if (account === undefined) throw userNotFound();
    return account;
  }

  /**
   * By the `sub` alone: a stranger may have taken it for a user name.
   * @throws CognitoError UserNotFoundException
   */
  async bySub(pool: Pool, sub: string): Promise<Account> {
    const [row] = await this.#sql.query<AccountRow>(
      `select ${COLUMNS} from local_pool.account a where a.pool_id = $1 and a.sub::text = $2`,
      [pool.id, sub],
    );
    if (row === undefined) throw userNotFound();
    return accountOf(row);
  }

  /** @throws CognitoError UsernameExistsException, AliasExistsException */
  async add(pool: Pool, account: NewAccount, conflict: AliasConflict): Promise<Account> {
    const { sub, username, attributes, status, password, codes = {} } = account;
    const claim = aliasClaim(pool, {}, attributes, conflict);
    const row = await this.#claim<AccountRow>(
      (kind) => aliasTaken(pool, kind),
      `with ${claim.conditions}
       written as (
         insert into local_pool.account (pool_id, sub, username, name_key, attributes, status, enabled,
           created_at, modified_at, version, password, codes)
         select $1, $2::uuid, $3, $4, $5::jsonb, $6, true, now(), now(), 1, $7::jsonb, $8::jsonb
         ${claim.from} on conflict (pool_id, name_key) do nothing returning *),
       ${claim.writes}
       answer as (select ${claim.held} as held)
       select answer.held, ${COLUMNS} from answer left join written a on true`,
      [
        pool.id,
        sub,
        username,
        nameKey(pool, username),
        JSON.stringify(attributes),
        status,
        json(password),
        JSON.stringify(codes),
        ...claim.parameters,
      ],
    );
    if (!row?.sub) throw new CognitoError('UsernameExistsException', 'User already exists');
    return accountOf(row);
  }

  /**
   * Changes an account by what it is at that moment: `next` is asked again when another change came between.
   * @throws CognitoError AliasExistsException, UserNotFoundException
   */
  async change(
    pool: Pool,
    account: Account,
    next: (current: Account) => Partial<AccountState>,
    conflict: AliasConflict = 'refuse',
  ): Promise<void> {
    let current = account;
    while (!(await this.#write(pool, current, next(current), conflict)))
      current = await this.bySub(pool, account.sub);
  }

  async remove({ poolId, sub }: Account): Promise<void> {
    await this.#sql.query('delete from local_pool.account where pool_id = $1 and sub = $2::uuid', [
      poolId,
      sub,
    ]);
  }

  async page(pool: Pool, { where, parameters, limit, after }: AccountPage): Promise<Account[]> {
    const rows = await this.#sql.query<AccountRow>(
      `select ${COLUMNS} from local_pool.account a
       where a.pool_id = $1 and a.sub::text > $2 ${where} order by a.sub::text limit $3::int`,
      [pool.id, after, limit, ...parameters],
    );
    return rows.map(accountOf);
  }

  async count({ id }: Pool): Promise<number> {
    const [row] = await this.#sql.query<{ count: number }>(
      'select count(*)::int as count from local_pool.account where pool_id = $1',
      [id],
    );
    return row?.count ?? 0;
  }

  /** Whether the account was still what it is taken for. Disabling it ends its sign-ins. */
  async #write(
    pool: Pool,
    current: Account,
    change: Partial<AccountState>,
    conflict: AliasConflict,
  ): Promise<boolean> {
    const { attributes, status, enabled, password, codes }: AccountState = {
      ...current,
      ...change,
    };
    const claim = aliasClaim(pool, current.attributes, attributes, conflict);
    const row = await this.#claim<{ written: boolean }>(
      (kind) => aliasExists(pool, kind),
      `with ${claim.conditions}
       written as (
         update local_pool.account a
         set attributes = $3::jsonb, status = $4, enabled = $5::boolean, password = $6::jsonb,
             codes = $7::jsonb, version = a.version + 1, modified_at = now()
         ${claim.from} where a.pool_id = $1 and a.sub = $2::uuid and a.version = $8::int
         returning a.pool_id, a.sub, a.enabled),
       ${claim.writes}
       ended as (
         update local_pool.sign_in s set revoked = true from written
         where s.pool_id = written.pool_id and s.sub = written.sub and not written.enabled)
       select ${claim.held} as held, exists (select from written) as written`,
      [
        pool.id,
        current.sub,
        JSON.stringify(attributes),
        status,
        enabled,
        json(password),
        JSON.stringify(codes),
        current.version,
        ...claim.parameters,
      ],
    );
    return row?.written ?? false;
  }

  /** Runs what writes an account with its aliases. @throws CognitoError where one is another's */
  async #claim<Row>(
    refused: (kind: string) => CognitoError,
    statement: string,
    parameters: readonly unknown[],
  ): Promise<Row | undefined> {
    const [row] = await this.#sql
      .query<Row & { held: string | null }>(statement, parameters)
      .catch((error: unknown) => {
        // Another account was faster by less than the statement takes.
        throw Reflect.get(Object(error), 'code') === UNIQUE_VIOLATION ? refused('alias') : error;
      });
    if (row?.held) throw refused(row.held);
    return row;
  }
}

/** SQLSTATE, "PostgreSQL Error Codes". */
const UNIQUE_VIOLATION = '23505';

function json(value: object | undefined): string | null {
  return value === undefined ? null : JSON.stringify(value);
}
