import { randomUUID } from 'node:crypto';
import type { Account } from '../accounts/account.js';
import type { PoolClient } from '../pools/pool-store.js';
import type { Sql } from '../sql.js';
import type { SignIn } from '../tokens/sign-in-store.js';
import { hashOf, now } from './secret.js';

/** Seconds ("Token endpoint" in the developer guide). */
const LIFETIME = 300;
/** Seconds for which a used code is known, so that a second use of it is noticed. */
const REMEMBERED = 3600;

/** What a code stands for. */
export interface Grant {
  readonly sub: string;
  readonly redirectUri: string;
  /** Spaces between. */
  readonly scope: string;
  readonly nonce: string | null;
  readonly codeChallenge: string | null;
  /** When the person signed in, in seconds since the epoch. */
  readonly authTime: number;
}

const COLUMNS = `sub::text as sub, redirect_uri as "redirectUri", scope, nonce,
  code_challenge as "codeChallenge", auth_time::float8 as "authTime"`;

/** The authorization codes, by hash. */
export class AuthorizationCodeStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async add(account: Account, client: PoolClient, grant: Omit<Grant, 'sub'>): Promise<string> {
    const code = randomUUID();
    await this.#sql.query(
      `with ended as (
         delete from local_pool.authorization_code where expires_at <= $9::bigint - ${REMEMBERED})
       insert into local_pool.authorization_code
         (hash, client_id, pool_id, sub, redirect_uri, scope, nonce, code_challenge, auth_time, expires_at)
       values ($1, $2, $3, $4::uuid, $5, $6, $7, $8, $10::bigint, $9::bigint + ${LIFETIME})`,
      [
        hashOf(code),
        client.id,
        account.poolId,
        account.sub,
        grant.redirectUri,
        grant.scope,
        grant.nonce,
        grant.codeChallenge,
        now(),
        grant.authTime,
      ],
    );
    return code;
  }

  /**
   * What a code stands for, at its first use by its client: it is used up then, whatever comes of it. A later use
   * ends the sign-in that came of the first (RFC 6749 section 4.1.2).
   */
  async redeem(client: PoolClient, code: string): Promise<Grant | undefined> {
    const key = [hashOf(code), client.id];
    const [grant] = await this.#sql.query<Grant>(
      `update local_pool.authorization_code set uses = 1
       where hash = $1 and client_id = $2 and uses = 0 and expires_at > $3::bigint
       returning ${COLUMNS}`,
      [...key, now()],
    );
    if (grant !== undefined) return grant;
    await this.#sql.query(
      `with used as (
         update local_pool.authorization_code set uses = uses + 1
         where hash = $1 and client_id = $2 and uses > 0 returning event_id)
       update local_pool.sign_in s set revoked = true from used where s.event_id = used.event_id`,
      key,
    );
    return undefined;
  }

  /** Notes the sign-in that came of a code. Where the code was used again meanwhile, it is over; answers whether it stands. */
  async spent(code: string, { eventId }: Pick<SignIn, 'eventId'>): Promise<boolean> {
    const [row] = await this.#sql.query<{ stands: boolean }>(
      `with spent as (
         update local_pool.authorization_code set event_id = $2::uuid
         where hash = $1 returning event_id, uses = 1 as stands),
       ended as (
         update local_pool.sign_in s set revoked = true from spent
         where s.event_id = spent.event_id and not spent.stands)
       select stands from spent`,
      [hashOf(code), eventId],
    );
    return row?.stands ?? false;
  }
}
