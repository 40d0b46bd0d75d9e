import type { Account } from '../accounts/account.js';
import type { Sql } from '../sql.js';
import { hashOf, newSecret, now } from './secret.js';

/** Seconds ("Managed login" in the developer guide: the session cookie is good for an hour). */
export const SESSION_LIFETIME = 3600;

/** A person signed in at the page: their browser's later sign-ins need no password. */
export interface BrowserSession {
  readonly sub: string;
  /** Seconds since the epoch. */
  readonly authTime: number;
}

/** The browser sessions, by the hash of their cookies. */
export class BrowserSessionStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** Answers with the cookie's value. */
  async begin({ poolId, sub }: Account, authTime: number): Promise<string> {
    const cookie = newSecret();
    await this.#sql.query(
      `with ended as (delete from local_pool.browser_session where expires_at <= $5::bigint)
       insert into local_pool.browser_session (hash, pool_id, sub, auth_time, expires_at)
       values ($1, $2, $3::uuid, $4::bigint, $5::bigint + ${SESSION_LIFETIME})`,
      [hashOf(cookie), poolId, sub, authTime, now()],
    );
    return cookie;
  }

  async find(poolId: string, cookie: string): Promise<BrowserSession | undefined> {
    const [session] = await this.#sql.query<BrowserSession>(
      `select sub::text as sub, auth_time::float8 as "authTime" from local_pool.browser_session
       where hash = $1 and pool_id = $2 and expires_at > $3::bigint`,
      [hashOf(cookie), poolId, now()],
    );
    return session;
  }

  async end(cookie: string): Promise<void> {
    await this.#sql.query('delete from local_pool.browser_session where hash = $1', [
      hashOf(cookie),
    ]);
  }
}
