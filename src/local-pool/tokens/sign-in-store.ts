import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { Account } from '../accounts/account.js';
import { userDisabled } from '../errors.js';
import type { PoolClient } from '../pools/pool-store.js';
import { lifetime } from '../pools/token-lifetime.js';
import type { Sql } from '../sql.js';

/** One sign-in: its refresh tokens and every token that descends from it live and end with it. */
export interface SignIn {
  readonly eventId: string;
  readonly originJti: string;
  readonly clientId: string;
  readonly sub: string;
  /** Spaces between. */
  readonly scope: string;
  /** Seconds since the epoch. */
  readonly authTime: number;
  /** Of its refresh tokens. */
  readonly expiresAt: number;
  readonly revoked: boolean;
}

export interface RefreshToken {
  readonly signIn: SignIn;
  /** Seconds since the epoch in which another took its place; null while it is the newest. */
  readonly retiredAt: number | null;
}

const COLUMNS = `s.event_id::text as "eventId", s.origin_jti::text as "originJti",
  s.client_id as "clientId", s.sub::text as sub, s.scope, s.auth_time::float8 as "authTime",
  s.expires_at::float8 as "expiresAt", s.revoked`;

/** The sign-ins, and their refresh tokens by hash: a copy of the database signs nobody in. */
export class SignInStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** @throws CognitoError NotAuthorizedException where the account was disabled meanwhile */
  async begin(account: Account, client: PoolClient, scope: string, authTime: number) {
    const refreshToken = newToken();
    const [signIn] = await this.#sql.query<SignIn>(
      `with s as (
         insert into local_pool.sign_in
           (event_id, origin_jti, pool_id, client_id, sub, scope, auth_time, expires_at)
         select $1::uuid, $2::uuid, a.pool_id, $3, a.sub, $4, $5::bigint, $6::bigint
         from local_pool.account a where a.pool_id = $7 and a.sub = $8::uuid and a.enabled
         returning *),
       token as (
         insert into local_pool.refresh_token (hash, event_id) select $9, s.event_id from s)
       select ${COLUMNS} from s`,
      [
        randomUUID(),
        randomUUID(),
        client.id,
        scope,
        authTime,
        authTime + lifetime(client.settings, 'RefreshToken'),
        account.poolId,
        account.sub,
        hash(refreshToken),
      ],
    );
    if (signIn === undefined) throw userDisabled();
    return { signIn, refreshToken };
  }

  async byRefreshToken(refreshToken: string): Promise<RefreshToken | undefined> {
    const [row] = await this.#sql.query<SignIn & { retiredAt: number | null }>(
      `select ${COLUMNS}, t.retired_at::float8 as "retiredAt"
       from local_pool.refresh_token t join local_pool.sign_in s using (event_id)
       where t.hash = $1`,
      [hash(refreshToken)],
    );
    if (row === undefined) return undefined;
    const { retiredAt, ...signIn } = row;
    return { signIn, retiredAt };
  }

  async byEvent(eventId: string): Promise<SignIn | undefined> {
    const [signIn] = await this.#sql.query<SignIn>(
      `select ${COLUMNS} from local_pool.sign_in s where s.event_id::text = $1`,
      [eventId],
    );
    return signIn;
  }

  /** Puts a new refresh token in the place of one, which is retired from the moment of its first successor on. */
  async rotate({ eventId }: SignIn, refreshToken: string, now: number): Promise<string> {
    const successor = newToken();
    await this.#sql.query(
      `with retired as (
         update local_pool.refresh_token set retired_at = coalesce(retired_at, $3::bigint)
         where hash = $1)
       insert into local_pool.refresh_token (hash, event_id) values ($2, $4::uuid)`,
      [hash(refreshToken), hash(successor), now, eventId],
    );
    return successor;
  }

  /** Ends one sign-in. One that is unknown, or of another client, is passed over. */
  async revoke(refreshToken: string, clientId: string): Promise<void> {
    await this.#sql.query(
      `update local_pool.sign_in s set revoked = true from local_pool.refresh_token t
       where t.event_id = s.event_id and t.hash = $1 and s.client_id = $2`,
      [hash(refreshToken), clientId],
    );
  }

  async revokeAll({ poolId, sub }: Account): Promise<void> {
    await this.#sql.query(
      'update local_pool.sign_in set revoked = true where pool_id = $1 and sub = $2::uuid',
      [poolId, sub],
    );
  }
}

function newToken(): string {
  return randomBytes(48).toString('base64url');
}

function hash(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
