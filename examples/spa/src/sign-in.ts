import { ErrorResponse, type User, UserManager, WebStorageStateStore } from 'oidc-client-ts';
import type { TokenSource } from '../../lifeguard-fetch.ts';
import type { Config } from './config.ts';

/** `updateMyProfile` writes to the pool with the person's own token, which takes the last of them. */
const SCOPE = 'openid profile email aws.cognito.signin.user.admin';

/**
 * The sign-in at the pool's own page: authorization code with PKCE, by oidc-client-ts, which keeps the tokens for as
 * long as this tab is open (`sessionStorage`). They are in no URL.
 */
export class SignIn implements TokenSource {
  readonly #manager: UserManager;
  readonly #clientId: string;
  readonly #here = `${location.origin}/`;
  #user: User | undefined;

  constructor({ authority, clientId }: Config) {
    this.#clientId = clientId;
    const store = new WebStorageStateStore({ store: sessionStorage });
    this.#manager = new UserManager({
      authority,
      client_id: clientId,
      redirect_uri: this.#here,
      scope: SCOPE,
      userStore: store,
      stateStore: store,
      // Tokens are renewed when the server wants better ones; see lifeguard-fetch.ts.
      automaticSilentRenew: false,
      // Cognito revokes no others.
      revokeTokenTypes: ['refresh_token'],
    });
  }

  /** On the way back from the sign-in page, or after a reload. @returns the page to go on with */
  async resume(): Promise<string | undefined> {
    const { href, search } = location;
    const answer = new URLSearchParams(search);
    if (!answer.has('state')) {
      this.#user = (await this.#manager.getUser()) ?? undefined;
      return undefined;
    }
    // The code is good once: neither a reload nor the history is to have it.
    history.replaceState(null, '', '/');
    this.#user = await this.#manager.signinCallback(href);
    return typeof this.#user?.state === 'string' ? this.#user.state : undefined;
  }

  /** Leaves for the sign-in page. */
  async begin(): Promise<void> {
    await this.#manager.signinRedirect({ state: location.hash });
  }

  current(): string | undefined {
    return this.#user?.access_token;
  }

  async renew(): Promise<string | undefined> {
    try {
      this.#user = (await this.#manager.signinSilent()) ?? undefined;
    } catch (error) {
      // The pool gives this sign-in no more tokens; whatever else happened, it may again.
      if (!(error instanceof ErrorResponse) || error.error !== 'invalid_grant') throw error;
      await this.forget();
    }
    return this.current();
  }

  /** Forgets the tokens; the pool's own session in this browser lasts. */
  async forget(): Promise<void> {
    this.#user = undefined;
    await this.#manager.removeUser();
  }

  /** Ends the sign-in at the pool, and leaves for the end of the pool's session in this browser. */
  async end(): Promise<void> {
    // What is not revoked runs out by itself; whoever signs out is signed out here in any case.
    await this.#manager.revokeTokens().catch(() => undefined);
    const { end_session_endpoint, authorization_endpoint = '' } =
      await this.#manager.metadataService.getMetadata();
    await this.forget();
    // Cognito wants parameters of its own.
    const url = new URL(end_session_endpoint ?? new URL('/logout', authorization_endpoint));
    url.search = new URLSearchParams({
      client_id: this.#clientId,
      logout_uri: this.#here,
    }).toString();
    location.assign(url);
  }
}
