import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Account } from './account.js';
import type { AccountStore } from './account-store.js';
import { isVerifiedFlag } from './attributes.js';
import { notAuthorized, userDisabled } from './errors.js';
import type { GroupStore } from './group-store.js';
import type { Installation } from './installation.js';
import { signedJwt, verifiedClaims } from './jwt.js';
import type { PoolClient, PoolStore } from './pool-store.js';
import type { SignIn, SignInStore } from './sign-in-store.js';
import { lifetime } from './token-lifetime.js';

/** AuthenticationResultType of the API. */
export interface IssuedTokens {
  readonly AccessToken: string;
  readonly IdToken: string;
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
  /** Known once the port is. */
  readonly endpoint: () => string;
}

/** The scope of a sign-in by the API, which its self-service operations ask for. */
const SELF_SERVICE_SCOPE = 'aws.cognito.signin.user.admin';

const accessClaims = z.object({
  token_use: z.literal('access'),
  iss: z.string(),
  sub: z.string(),
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

  /** Tokens of a new sign-in, with its refresh token. @throws CognitoError NotAuthorizedException */
  async signIn(account: Account, client: PoolClient): Promise<IssuedTokens> {
    const { signIn, refreshToken } = await this.#parts.signIns.begin(account, client);
    return { ...(await this.#tokens(account, client, signIn)), RefreshToken: refreshToken };
  }

  /** New tokens of a sign-in. @throws CognitoError NotAuthorizedException */
  async refresh(refreshToken: string, client: PoolClient): Promise<IssuedTokens> {
    const { pools, accounts, signIns } = this.#parts;
    const signIn = await signIns.byRefreshToken(refreshToken);
    if (signIn?.clientId !== client.id) throw notAuthorized('Invalid Refresh Token');
    const account = await accounts.bySub(await pools.pool(client.poolId), signIn.sub);
    if (!account.enabled) throw userDisabled();
    if (signIn.revoked) throw notAuthorized('Refresh Token has been revoked');
    if (signIn.expiresAt <= now()) throw notAuthorized('Refresh Token has expired');
    return this.#tokens(account, client, signIn);
  }

  /**
   * Whose access token it is, for what users do themselves.
   * @throws CognitoError NotAuthorizedException, UserNotFoundException
   */
  async holderOf(accessToken: string): Promise<Account> {
    const { installation, pools, accounts, signIns } = this.#parts;
    const claims = accessClaims.safeParse(verifiedClaims(installation.keys, accessToken)).data;
    if (claims === undefined) throw notAuthorized('Invalid Access Token');
    if (claims.exp <= now()) throw notAuthorized('Access Token has expired');
    if (!claims.scope.split(' ').includes(SELF_SERVICE_SCOPE))
      throw notAuthorized('Access Token does not have required scopes');
    const pool = await pools.pool(claims.iss.slice(claims.iss.lastIndexOf('/') + 1));
    const account = await accounts.bySub(pool, claims.sub);
    if (!account.enabled) throw userDisabled();
    const signIn = await signIns.byEvent(claims.event_id);
    if (signIn === undefined || signIn.revoked)
      throw notAuthorized('Access Token has been revoked');
    return account;
  }

  async #tokens(account: Account, client: PoolClient, signIn: SignIn): Promise<IssuedTokens> {
    const { settings } = client;
    const shared = await this.#sharedClaims(account, client, signIn);
    const expiresIn = lifetime(settings, 'AccessToken');
    const [key] = this.#parts.installation.keys;
    return {
      AccessToken: signedJwt(key, {
        ...shared,
        token_use: 'access',
        client_id: client.id,
        scope: SELF_SERVICE_SCOPE,
        version: 2,
        username: account.username,
        exp: shared.iat + expiresIn,
        jti: randomUUID(),
      }),
      IdToken: signedJwt(key, {
        ...profileClaims(account),
        ...shared,
        token_use: 'id',
        aud: client.id,
        'cognito:username': account.username,
        exp: shared.iat + lifetime(settings, 'IdToken'),
        jti: randomUUID(),
      }),
      ExpiresIn: expiresIn,
      TokenType: 'Bearer',
    };
  }

  async #sharedClaims(account: Account, { settings }: PoolClient, signIn: SignIn) {
    const groups = await this.#parts.groups.namesOf(account);
    return {
      sub: account.sub,
      iss: `${this.#parts.endpoint()}/${account.poolId}`,
      ...(settings.EnableTokenRevocation && { origin_jti: signIn.originJti }),
      event_id: signIn.eventId,
      auth_time: signIn.authTime,
      iat: now(),
      ...(groups.length > 0 && { 'cognito:groups': groups }),
    };
  }
}

/** What the id token says of the person; verified flags are booleans there. */
function profileClaims({ attributes }: Account): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [
      name,
      isVerifiedFlag(name) ? value === 'true' : value,
    ]),
  );
}

function now(): number {
  return Math.floor(Date.now() / 1000);
}
