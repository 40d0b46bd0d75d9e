import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Account } from '../accounts/account.js';
import type { AccountStore } from '../accounts/account-store.js';
import { CognitoError, notAuthorized, userDisabled } from '../errors.js';
import { rotates } from '../pools/client-settings.js';
import type { GroupStore } from '../pools/group-store.js';
import type { Pool, PoolClient, PoolStore } from '../pools/pool-store.js';
import { lifetime } from '../pools/token-lifetime.js';
import type { TokenSource, Triggers } from '../triggers.js';
import type { Installation } from './installation.js';
import { signedJwt, verifiedClaims } from './jwt.js';
import {
  accessTokenClaims,
  idTokenClaims,
  type Person,
  SELF_SERVICE_SCOPE,
} from './person-claims.js';
import type { SignIn, SignInStore } from './sign-in-store.js';
import { tokenChanges } from './token-changes.js';
import { machineClaims } from './token-claims.js';

/** AuthenticationResultType of the API. */
export interface IssuedTokens {
  readonly AccessToken: string;
  /** Absent where the sign-in page was not asked for the scope `openid`. */
  readonly IdToken?: string;
  readonly ExpiresIn: number;
  readonly TokenType: 'Bearer';
  readonly RefreshToken?: string;
}

export interface TokenIssuerParts {
  readonly installation: Installation;
  readonly pools: PoolStore;
  readonly accounts: AccountStore;
  readonly groups: GroupStore;
  readonly signIns: SignInStore;
  readonly triggers: Triggers;
  /** Known once the port is. */
  readonly endpoint: () => string;
  readonly clock: () => Date;
}

/** How a sign-in came about. */
export interface SignInOptions {
  /** By default that of a sign-in by the API. */
  readonly scopes?: readonly string[];
  /** Of OpenID Connect, for the id token. */
  readonly nonce?: string | undefined;
  readonly source?: TokenSource;
  readonly clientMetadata?: Readonly<Record<string, string>> | undefined;
  /** Seconds since the epoch; now by default. */
  readonly authTime?: number;
  /** Likewise, of the tokens. */
  readonly issuedAt?: number;
}

/** Whose access token it is, and where it is from. */
export interface Holder {
  readonly account: Account;
  readonly pool: Pool;
  readonly client: PoolClient;
  readonly scopes: readonly string[];
}

const accessClaims = z.object({
  token_use: z.literal('access'),
  iss: z.string(),
  sub: z.string(),
  client_id: z.string(),
  event_id: z.string(),
  scope: z.string(),
  exp: z.number(),
});

/** Issues tokens with Cognito's claims, and tells whose an access token is. */
export class TokenIssuer {
  readonly #parts: TokenIssuerParts;

  constructor(parts: TokenIssuerParts) {
    this.#parts = parts;
  }

  /** Seconds since the epoch, by the pool's clock. */
  now(): number {
    return Math.floor(this.#parts.clock().getTime() / 1000);
  }

  /** Tokens of a new sign-in, with its refresh token. @throws CognitoError NotAuthorizedException */
  async signIn(
    account: Account,
    client: PoolClient,
    options: SignInOptions = {},
  ): Promise<IssuedTokens> {
    const { scopes = [SELF_SERVICE_SCOPE], authTime = this.now() } = options;
    const scope = scopes.join(' ');
    const { signIn, refreshToken } = await this.#parts.signIns.begin(
      account,
      client,
      scope,
      authTime,
    );
    const tokens = await this.#tokens(account, client, signIn, options);
    return { ...tokens, RefreshToken: refreshToken };
  }

  /**
   * New tokens of a sign-in; with a new refresh token where the client rotates them.
   * @throws CognitoError NotAuthorizedException, RefreshTokenReuseException
   */
  async refresh(
    refreshToken: string,
    client: PoolClient,
    clientMetadata?: SignInOptions['clientMetadata'],
  ): Promise<IssuedTokens> {
    const { signIns } = this.#parts;
    const { account, signIn, retiredAt } = await this.refreshable(refreshToken, client);
    if (retiredAt !== null && retiredAt + graceOf(client) <= this.now())
      throw new CognitoError(
        'RefreshTokenReuseException',
        'Refresh token has been invalidated by rotation.',
      );
    const tokens = await this.#tokens(account, client, signIn, {
      source: 'TokenGeneration_RefreshTokens',
      clientMetadata,
    });
    if (!rotates(client.settings)) return tokens;
    return { ...tokens, RefreshToken: await signIns.rotate(signIn, refreshToken, this.now()) };
  }

  /** A refresh token that is good, and whose. @throws CognitoError NotAuthorizedException */
  async refreshable(refreshToken: string, client: PoolClient) {
    const { pools, accounts, signIns } = this.#parts;
    const found = await signIns.byRefreshToken(refreshToken);
    if (found?.signIn.clientId !== client.id) throw notAuthorized('Invalid Refresh Token');
    const { signIn } = found;
    const account = await accounts.bySub(await pools.pool(client.poolId), signIn.sub);
    if (!account.enabled) throw userDisabled();
    if (signIn.revoked) throw notAuthorized('Refresh Token has been revoked');
    if (signIn.expiresAt <= this.now()) throw notAuthorized('Refresh Token has expired');
    return { account, ...found };
  }

  /** An access token for a client alone. */
  async machine(client: PoolClient, scopes: readonly string[]): Promise<IssuedTokens> {
    const iat = this.now();
    const expiresIn = lifetime(client.settings, 'AccessToken');
    const token = await this.#signed({
      ...machineClaims(client, scopes),
      iss: this.#issuer(client.poolId),
      auth_time: iat,
      iat,
      exp: iat + expiresIn,
    });
    return { AccessToken: token, ExpiresIn: expiresIn, TokenType: 'Bearer' };
  }

  /**
   * Whose access token it is, for what users do themselves.
   * @throws CognitoError NotAuthorizedException, UserNotFoundException
   */
  async holderOf(accessToken: string, scope = SELF_SERVICE_SCOPE): Promise<Holder> {
    const { installation, pools, accounts, signIns } = this.#parts;
    const keys = await installation.keys();
    const claims = accessClaims.safeParse(verifiedClaims(keys, accessToken)).data;
    if (claims === undefined) throw notAuthorized('Invalid Access Token');
    if (claims.exp <= this.now()) throw notAuthorized('Access Token has expired');
    const scopes = claims.scope.split(' ');
    if (!scopes.includes(scope)) throw notAuthorized('Access Token does not have required scopes');
    const pool = await pools.pool(claims.iss.slice(claims.iss.lastIndexOf('/') + 1));
    const account = await accounts.bySub(pool, claims.sub);
    if (!account.enabled) throw userDisabled();
    const signIn = await signIns.byEvent(claims.event_id);
    if (signIn === undefined || signIn.revoked)
      throw notAuthorized('Access Token has been revoked');
    return { account, pool, client: await pools.client(claims.client_id), scopes };
  }

  async #tokens(
    account: Account,
    client: PoolClient,
    signIn: SignIn,
    options: SignInOptions,
  ): Promise<IssuedTokens> {
    const { groups, triggers } = this.#parts;
    const { source = 'TokenGeneration_Authentication', clientMetadata, nonce } = options;
    const person: Person = {
      account,
      client,
      signIn,
      scopes: signIn.scope.split(' '),
      groups: await groups.namesOf(account),
      issuer: this.#issuer(account.poolId),
      issuedAt: options.issuedAt ?? this.now(),
    };
    const changes = await tokenChanges(person, { source, clientMetadata }, triggers);
    const AccessToken = await this.#signed(accessTokenClaims(person, changes));
    const id = idTokenClaims(person, changes, {
      nonce,
      ...(source === 'TokenGeneration_HostedAuth' && { accessToken: AccessToken }),
    });
    return {
      AccessToken,
      ...(id !== undefined && { IdToken: await this.#signed(id) }),
      ExpiresIn: lifetime(client.settings, 'AccessToken'),
      TokenType: 'Bearer',
    };
  }

  #issuer(poolId: string): string {
    return `${this.#parts.endpoint()}/${poolId}`;
  }

  async #signed(claims: object): Promise<string> {
    const [key] = await this.#parts.installation.keys();
    return signedJwt(key, { ...claims, jti: randomUUID() });
  }
}

/** Seconds in which a refresh token that has a successor is still good. */
function graceOf({ settings }: PoolClient): number {
  return settings.RefreshTokenRotation?.RetryGracePeriodSeconds ?? 0;
}
