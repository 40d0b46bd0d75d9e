import { type User, UserManager, WebStorageStateStore } from 'oidc-client-ts';
import { z } from 'zod';
import type { SignInPool } from './config.ts';
import { claimsOf, type Session } from './session.ts';

export interface AppClient {
  readonly authority: string;
  readonly clientId: string;
}

const appClient = z.object({ authority: z.string(), clientId: z.string() });

/** Which client a sign-in was begun with, for when the browser comes back. */
const PLACE = 'lifeguard.sandbox.client';

export function appClientsOf(pools: readonly SignInPool[]): AppClient[] {
  return pools.flatMap(({ authority, clientIds }) =>
    clientIds.map((clientId) => ({ authority, clientId })),
  );
}

/** The pool's sign-in page, by OpenID Connect: authorization code with PKCE (RFC 7636). */
export class SignInPage {
  readonly #client: AppClient;
  readonly #manager: UserManager;
  readonly #here = `${location.origin}${location.pathname}`;

  constructor(client: AppClient) {
    this.#client = client;
    const storage = new WebStorageStateStore({ store: sessionStorage });
    this.#manager = new UserManager({
      authority: client.authority,
      client_id: client.clientId,
      redirect_uri: this.#here,
      // Cognito then grants every scope that the client may have.
      omitScopeWhenRequesting: true,
      userStore: storage,
      stateStore: storage,
      automaticSilentRenew: false,
    });
  }

  /** The page that this tab last went to. */
  static last(clients: readonly AppClient[]): SignInPage | undefined {
    try {
      const last = appClient.parse(JSON.parse(sessionStorage.getItem(PLACE) ?? ''));
      const known = clients.find(
        ({ authority, clientId }) => authority === last.authority && clientId === last.clientId,
      );
      return known && new SignInPage(known);
    } catch {
      return undefined;
    }
  }

  /** Leaves for the sign-in page. */
  async open(): Promise<void> {
    sessionStorage.setItem(PLACE, JSON.stringify(this.#client));
    await this.#manager.signinRedirect();
  }

  /** Changes the code that came back for tokens. */
  async finish(callback: string): Promise<Session> {
    const user = await this.#manager.signinCallback(callback);
    if (user === undefined) throw new Error('The sign-in page sent no answer.');
    return sessionOf(user);
  }

  async kept(): Promise<Session | undefined> {
    const user = await this.#manager.getUser();
    if (user === null) return undefined;
    return user.expired ? this.refresh() : sessionOf(user);
  }

  /** Whether its tokens are still here, whatever token the page uses by now. */
  async isSignedIn(): Promise<boolean> {
    return (await this.#manager.getUser()) !== null;
  }

  async refresh(): Promise<Session> {
    const user = await this.#manager.signinSilent();
    if (user === null) throw new Error('The pool gave no new token.');
    return sessionOf(user);
  }

  async forget(): Promise<void> {
    await this.#manager.removeUser();
  }

  /** Leaves for the end of the pool's own session, which takes Cognito's parameters. */
  async signOut(): Promise<void> {
    const { end_session_endpoint: end, authorization_endpoint: start = '' } =
      await this.#manager.metadataService.getMetadata();
    const url = new URL(end ?? new URL('/logout', start));
    url.search = new URLSearchParams({
      client_id: this.#client.clientId,
      logout_uri: this.#here,
    }).toString();
    location.assign(url);
  }
}

function sessionOf({ access_token, id_token, refresh_token }: User): Session {
  const claims = claimsOf(id_token ?? access_token);
  return {
    source: 'sign-in page',
    name: claims?.email ?? claims?.['cognito:username'] ?? claims?.username ?? 'Signed in',
    accessToken: access_token,
    ...(id_token !== undefined && { idToken: id_token }),
    ...(refresh_token !== undefined && { refreshToken: refresh_token }),
  };
}

/** The answer of a sign-in page in the address, which is removed from the address bar and the history. */
export function takeCallback(): string | undefined {
  const { href, pathname, search } = location;
  if (search === '') return undefined;
  history.replaceState(null, '', pathname);
  const parameters = new URLSearchParams(search);
  const isCallback = parameters.has('state') && (parameters.has('code') || parameters.has('error'));
  return isCallback ? href : undefined;
}
