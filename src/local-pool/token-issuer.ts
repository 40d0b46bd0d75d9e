import { createHash, createPublicKey, randomBytes, randomUUID, sign, verify } from 'node:crypto';
import type { Account, AccountStore } from './account-store.js';
import { notAuthorized } from './errors.js';
import type { GroupStore } from './group-store.js';
import type { Installation } from './installation.js';
import type { PoolClient, PoolStore } from './pool-store.js';
import type { Sql } from './sql.js';

export interface IssuedTokens {
  readonly AccessToken: string;
  readonly IdToken: string;
  readonly ExpiresIn: number;
  readonly TokenType: 'Bearer';
  readonly RefreshToken?: string;
}

interface SignIn {
  readonly origin_jti: string;
  readonly client_id: string;
  readonly sub: string;
  readonly auth_time: number;
  readonly expires_at: number;
  readonly revoked: boolean;
}

export const SELF_SERVICE_SCOPE = 'aws.cognito.signin.user.admin';

const UNIT_SECONDS: Readonly<Record<string, number>> = {
  seconds: 1,
  minutes: 60,
  hours: 3600,
  days: 86_400,
};

export interface TokenIssuerParts {
  readonly sql: Sql;
  readonly installation: Installation;
  readonly pools: PoolStore;
  readonly accounts: AccountStore;
  readonly groups: GroupStore;
  /** Known once the port is. */
  readonly endpoint: () => string;
}

/** Signs tokens with Cognito's claims, and knows the sign-ins that refresh tokens stand for. */
export class TokenIssuer {
  readonly #parts: TokenIssuerParts;

  constructor(parts: TokenIssuerParts) {
    this.#parts = parts;
  }

  /** Tokens of a new sign-in, with its refresh token. */
  async signIn(account: Account, client: PoolClient): Promise<IssuedTokens> {
    const refreshToken = randomBytes(48).toString('base64url');
    const signIn: SignIn = {
      origin_jti: randomUUID(),
      client_id: client.id,
      sub: account.sub,
      auth_time: now(),
      expires_at: now() + lifetime(client, 'RefreshToken', 'days', 30),
      revoked: false,
    };
    await this.#parts.sql.query(
      `insert into local_pool.sign_in
         (origin_jti, pool_id, client_id, sub, refresh_hash, auth_time, expires_at)
       values ($1::uuid, $2, $3, $4::uuid, $5, $6, $7)`,
      [
        signIn.origin_jti,
        account.poolId,
        client.id,
        account.sub,
        hash(refreshToken),
        signIn.auth_time,
        signIn.expires_at,
      ],
    );
    return { ...(await this.#tokens(account, client, signIn)), RefreshToken: refreshToken };
  }

  /** New tokens of a sign-in. @throws CognitoError NotAuthorizedException */
  async refresh(refreshToken: string, client: PoolClient): Promise<IssuedTokens> {
    const signIn = await this.#signIn('refresh_hash', hash(refreshToken));
    if (signIn === undefined || signIn.client_id !== client.id)
      throw notAuthorized('Invalid Refresh Token');
    if (signIn.revoked) throw notAuthorized('Refresh Token has been revoked');
    if (signIn.expires_at <= now()) throw notAuthorized('Refresh Token has expired');
    const pool = await this.#parts.pools.pool(client.poolId);
    const account = await this.#parts.accounts.account(pool, signIn.sub);
    if (!account.enabled) throw notAuthorized('User is disabled.');
    return this.#tokens(account, client, signIn);
  }

  /** Ends a sign-in. One that is unknown, or of another client, is passed over. */
  async revoke(refreshToken: string, clientId: string): Promise<void> {
    await this.#parts.sql.query(
      'update local_pool.sign_in set revoked = true where refresh_hash = $1 and client_id = $2',
      [hash(refreshToken), clientId],
    );
  }

  /** Whose access token it is, for the pool's own API. @throws CognitoError NotAuthorizedException */
  async holderOf(accessToken: string): Promise<Account> {
    const claims = this.#verified(accessToken);
    if (claims.token_use !== 'access') throw notAuthorized('Invalid Access Token');
    if (claims.exp <= now()) throw notAuthorized('Access Token has expired');
    if (!claims.scope.split(' ').includes(SELF_SERVICE_SCOPE))
      throw notAuthorized('Access Token does not have required scopes');
    const pool = await this.#parts.pools.pool(claims.iss.slice(claims.iss.lastIndexOf('/') + 1));
    const account = await this.#parts.accounts.account(pool, claims.sub);
    const signIn = await this.#signIn('origin_jti::text', claims.origin_jti);
    if (signIn?.revoked || claims.iat * 1000 < account.signedOutAt - 999)
      throw notAuthorized('Access Token has been revoked');
    if (!account.enabled) throw notAuthorized('User is disabled.');
    return account;
  }

  async #tokens(account: Account, client: PoolClient, signIn: SignIn): Promise<IssuedTokens> {
    const groups = await this.#parts.groups.namesOf(account);
    const accessSeconds = lifetime(client, 'AccessToken', 'hours', 1);
    const shared = {
      sub: account.sub,
      iss: `${this.#parts.endpoint()}/${account.poolId}`,
      ...(client.settings.EnableTokenRevocation ? { origin_jti: signIn.origin_jti } : {}),
      event_id: randomUUID(),
      auth_time: signIn.auth_time,
      iat: now(),
      ...(groups.length > 0 ? { 'cognito:groups': groups } : {}),
    };
    return {
      AccessToken: this.#sign({
        ...shared,
        token_use: 'access',
        client_id: client.id,
        scope: SELF_SERVICE_SCOPE,
        version: 2,
        username: account.username,
        exp: now() + accessSeconds,
        jti: randomUUID(),
      }),
      IdToken: this.#sign({
        ...shared,
        token_use: 'id',
        aud: client.id,
        'cognito:username': account.username,
        ...idClaims(account),
        exp: now() + lifetime(client, 'IdToken', 'hours', 1),
        jti: randomUUID(),
      }),
      ExpiresIn: accessSeconds,
      TokenType: 'Bearer',
    };
  }

  async #signIn(column: string, value: string): Promise<SignIn | undefined> {
    const [row] = await this.#parts.sql.query<SignIn>(
      `select origin_jti::text, client_id, sub::text, auth_time::float8 as auth_time,
              expires_at::float8 as expires_at, revoked
       from local_pool.sign_in where ${column} = $1`,
      [value],
    );
    return row;
  }

  #sign(claims: object): string {
    const [{ kid, privateKey }] = this.#parts.installation.keys;
    const input = [{ kid, alg: 'RS256' }, claims]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    return `${input}.${sign('sha256', Buffer.from(input), privateKey).toString('base64url')}`;
  }

  #verified(token: string) {
    const [header = '', payload = '', signature = ''] = token.split('.');
    const [{ privateKey }] = this.#parts.installation.keys;
    const genuine = verify(
      'sha256',
      Buffer.from(`${header}.${payload}`),
      createPublicKey(privateKey),
      Buffer.from(signature, 'base64url'),
    );
    if (!genuine) throw notAuthorized('Invalid Access Token');
    // Signed by ourselves: it has the claims that we write.
    return JSON.parse(Buffer.from(payload, 'base64url').toString());
  }
}

function idClaims({ attributes }: Account): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [
      name,
      name.endsWith('_verified') ? value === 'true' : value,
    ]),
  );
}

function lifetime(
  { settings }: PoolClient,
  token: 'AccessToken' | 'IdToken' | 'RefreshToken',
  unit: string,
  fallback: number,
): number {
  const value = settings[`${token}Validity`] ?? fallback;
  return value * (UNIT_SECONDS[settings.TokenValidityUnits?.[token] ?? unit] ?? 1);
}

function hash(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

function now(): number {
  return Math.floor(Date.now() / 1000);
}
