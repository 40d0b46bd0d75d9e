import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { Account } from './account.js';
import { userDisabled } from './errors.js';
import type { PoolClient } from './pool-store.js';
import type { Sql } from './sql.js';
import { lifetime } from './token-lifetime.js';

/** One sign-in: its refresh token and every token that descends from it live and end with it. */
export interface SignIn {
  readonly eventId: string;
  readonly originJti: string;
  readonly clientId: string;
  readonly sub: string;
  /** Seconds since the epoch. */
  readonly authTime: number;
  /** Of the refresh token. */
  readonly expiresAt: number;
  readonly revoked: boolean;
}

const COLUMNS = `event_id::text as "eventId", origin_jti::text as "originJti",
  client_id as "clientId", sub::text as sub, auth_time::float8 as "authTime",
  expires_at::float8 as "expiresAt", revoked`;

/** The sign-ins, by the hash of their refresh tokens: a copy of the database signs nobody in. */
export class SignInStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** @throws CognitoError NotAuthorizedException where the account was disabled meanwhile */
  async begin(account: Account, client: PoolClient) {
    const refreshToken = randomBytes(48).toString('base64url');
    const authTime = Math.floor(Date.now() / 1000);
    const [signIn] = await this.#sql.query<SignIn>(
      `insert into local_pool.sign_in
         (event_id, origin_jti, pool_id, client_id, sub, refresh_hash, auth_time, expires_at)
       select $1::uuid, $2::uuid, a.pool_id, $3, a.sub, $4, $5::bigint, $6::bigint
       from local_pool.account a where a.pool_id = $7 and a.sub = $8::uuid and a.enabled
       returning ${COLUMNS}`,
      [
        randomUUID(),
        randomUUID(),
        client.id,
        hash(refreshToken),
        authTime,
        authTime + lifetime(client.settings, 'RefreshToken'),
        account.poolId,
        account.sub,
      ],
    );
    if (signIn === undefined) throw userDisabled();
    return { signIn, refreshToken };
  }

  async byRefreshToken(refreshToken: string): Promise<SignIn | undefined> {
    const [signIn] = await this.#sql.query<SignIn>(
      `select ${COLUMNS} from local_pool.sign_in where refresh_hash = $1`,
      [hash(refreshToken)],
    );
    return signIn;
  }

  async byEvent(eventId: string): Promise<SignIn | undefined> {
    const [signIn] = await this.#sql.query<SignIn>(
      `select ${COLUMNS} from local_pool.sign_in where event_id::text = $1`,
      [eventId],
    );
    return signIn;
  }

  /** Ends one sign-in. One that is unknown, or of another client, is passed over. */
  async revoke(refreshToken: string, clientId: string): Promise<void> {
    await this.#sql.query(
      'update local_pool.sign_in set revoked = true where refresh_hash = $1 and client_id = $2',
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

function hash(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
