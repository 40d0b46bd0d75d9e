import { createHash } from 'node:crypto';
import type { Account } from '../accounts/account.js';
import { isReadable } from '../pools/client-attributes.js';
import type { PoolClient } from '../pools/pool-store.js';
import { lifetime } from '../pools/token-lifetime.js';
import type { TokenChanges } from '../triggers.js';
import type { SignIn } from './sign-in-store.js';
import {
  type Claims,
  inScopes,
  overridden,
  overriddenScopes,
  profileClaims,
} from './token-claims.js';

/** Whose tokens are issued, and how they signed in. */
export interface Person {
  readonly account: Account;
  readonly client: PoolClient;
  readonly signIn: SignIn;
  readonly scopes: readonly string[];
  readonly groups: readonly string[];
  readonly issuer: string;
  /** Seconds since the epoch. */
  readonly issuedAt: number;
}

/** The scope of a sign-in by the API, which its self-service operations ask for. */
export const SELF_SERVICE_SCOPE = 'aws.cognito.signin.user.admin';

/** "Understanding the access token" in the developer guide; without its `jti`. */
export function accessTokenClaims(person: Person, changes: TokenChanges | null): Claims {
  const { account, client, scopes, issuedAt } = person;
  const claims = {
    ...sharedClaims(person, changes),
    token_use: 'access',
    client_id: client.id,
    scope: overriddenScopes(scopes, changes?.accessTokenGeneration).join(' '),
    version: 2,
    username: account.username,
    exp: issuedAt + lifetime(client.settings, 'AccessToken'),
  };
  return overridden(claims, changes?.accessTokenGeneration);
}

interface OpenId {
  readonly nonce: string | undefined;
  /** The one that came with it from the sign-in page. */
  readonly accessToken?: string;
}

/** "Understanding the identity (ID) token" in the developer guide; none where nobody asked who it is. */
export function idTokenClaims(
  person: Person,
  changes: TokenChanges | null,
  { nonce, accessToken }: OpenId,
): Claims | undefined {
  const { account, client, scopes, issuedAt } = person;
  if (!scopes.includes('openid') && !scopes.includes(SELF_SERVICE_SCOPE)) return undefined;
  const isAskedFor = inScopes(scopes);
  const claims = {
    ...profileClaims(account, (name) => isReadable(client.settings, name) && isAskedFor(name)),
    ...sharedClaims(person, changes),
    token_use: 'id',
    aud: client.id,
    'cognito:username': account.username,
    ...(nonce !== undefined && { nonce }),
    ...(accessToken !== undefined && { at_hash: halfHash(accessToken) }),
    exp: issuedAt + lifetime(client.settings, 'IdToken'),
  };
  return overridden(claims, changes?.idTokenGeneration);
}

function sharedClaims(
  { account, client, signIn, groups, issuer, issuedAt }: Person,
  changes: TokenChanges | null,
): Claims {
  const named = changes?.groupOverrideDetails?.groupsToOverride ?? groups;
  return {
    sub: account.sub,
    iss: issuer,
    ...(client.settings.EnableTokenRevocation && { origin_jti: signIn.originJti }),
    event_id: signIn.eventId,
    auth_time: signIn.authTime,
    iat: issuedAt,
    ...(named.length > 0 && { 'cognito:groups': named }),
  };
}

/** The `at_hash` of OpenID Connect Core, section 3.1.3.6. */
function halfHash(token: string): string {
  return createHash('sha256').update(token).digest().subarray(0, 16).toString('base64url');
}
