import { type User, UserManager } from 'oidc-client-ts';
import type { ClientPlace } from './place.js';

let manager: UserManager | undefined;

/** `oidc-client-ts` as AWS configures it in its guides: the issuer, the client, where to return to. */
export const oidc = {
  configure({ endpoint, poolId, clientId }: ClientPlace, redirectUri: string, scope: string): void {
    manager = new UserManager({
      authority: `${endpoint}/${poolId}`,
      client_id: clientId,
      redirect_uri: redirectUri,
      response_type: 'code',
      scope,
      loadUserInfo: true,
      automaticSilentRenew: false,
      // Cognito revokes no others ("Revoke endpoint", unsupported_token_type).
      revokeTokenTypes: ['refresh_token'],
    });
  },
  /** Leaves the page. */
  signIn: () => configured().signinRedirect(),
  async finishSignIn() {
    return signedIn(await configured().signinCallback());
  },
  async user() {
    return signedIn(await configured().getUser());
  },
  /** By the refresh token. */
  async refresh() {
    return signedIn(await configured().signinSilent());
  },
  revokeTokens: () => configured().revokeTokens(),
  /** Leaves the page. Cognito wants parameters of its own, and no id token, which is part of no URL here. */
  async signOut(logoutUri: string) {
    const { client_id } = configured().settings;
    await configured().removeUser();
    await configured().signoutRedirect({ extraQueryParams: { client_id, logout_uri: logoutUri } });
  },
};

function signedIn(user: User | null | undefined) {
  if (!user) return undefined;
  const { access_token, id_token, refresh_token, scope, profile, expires_in } = user;
  return { access_token, id_token, refresh_token, scope, profile, expires_in };
}

function configured(): UserManager {
  if (manager === undefined) throw new Error('Call configure() first.');
  return manager;
}
