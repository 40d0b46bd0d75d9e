import type { Account } from '../accounts/account.js';
import { isVerifiedFlag } from '../pools/client-attributes.js';
import type { PoolClient } from '../pools/pool-store.js';
import type { ClaimChanges, TokenChanges } from '../triggers.js';

export type Claims = Readonly<Record<string, unknown>>;

/** What the id token says of the person that the client may read; verified flags are booleans there. */
export function profileClaims(
  { attributes }: Account,
  isReadable: (name: string) => boolean,
): Claims {
  return Object.fromEntries(
    Object.entries(attributes)
      .filter(([name]) => isReadable(name))
      .map(([name, value]) => [name, isVerifiedFlag(name) ? value === 'true' : value]),
  );
}

/** The attributes that a scope of OpenID Connect stands for; `profile` is all the others. */
const BY_SCOPE: Readonly<Record<string, readonly string[]>> = {
  email: ['email', 'email_verified'],
  phone: ['phone_number', 'phone_number_verified'],
};

/** Which attributes an id token of these scopes has: all of them where none is asked for by name. */
export function inScopes(scopes: readonly string[]): (attribute: string) => boolean {
  const named = scopes.filter((scope) => scope === 'profile' || scope in BY_SCOPE);
  if (named.length === 0) return () => true;
  return (attribute) => {
    const scope = Object.keys(BY_SCOPE).find((name) => BY_SCOPE[name]?.includes(attribute));
    return named.includes(scope ?? 'profile');
  };
}

/** What a trigger may not change ("Pre token generation Lambda trigger" in the developer guide). */
const FIXED = new Set([
  'acr',
  'amr',
  'at_hash',
  'auth_time',
  'azp',
  'client_id',
  'exp',
  'iat',
  'identities',
  'iss',
  'jti',
  'nbf',
  'nonce',
  'origin_jti',
  'scope',
  'sub',
  'token_use',
  'username',
  'version',
  'event_id',
]);

/** Claims with the changes of a trigger. */
export function overridden(claims: Claims, changes: ClaimChanges | null | undefined): Claims {
  const { claimsToAddOrOverride = {}, claimsToSuppress = [] } = changes ?? {};
  const isFree = (name: string) => !FIXED.has(name) && !name.startsWith('cognito:');
  const added = Object.entries(claimsToAddOrOverride).filter(([name]) => isFree(name));
  const merged = { ...claims, ...Object.fromEntries(added) };
  const suppressed = claimsToSuppress.filter(isFree);
  return Object.fromEntries(Object.entries(merged).filter(([name]) => !suppressed.includes(name)));
}

/** The scopes with the changes of a trigger. */
export function overriddenScopes(
  scopes: readonly string[],
  changes: TokenChanges['accessTokenGeneration'],
): string[] {
  const { scopesToAdd = [], scopesToSuppress = [] } = changes ?? {};
  return [...new Set([...scopes, ...scopesToAdd])].filter(
    (scope) => !scopesToSuppress.includes(scope),
  );
}

/** Of a machine client: no user, no groups ("Using the access token" in the developer guide). */
export function machineClaims({ id }: PoolClient, scopes: readonly string[]): Claims {
  return {
    sub: id,
    token_use: 'access',
    client_id: id,
    scope: scopes.join(' '),
    version: 2,
  };
}
