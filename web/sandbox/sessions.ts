import type { LocalPool } from './local-pool.ts';
import { expiryOf, keepSession, keptSession, type Session } from './session.ts';
import { type AppClient, SignInPage } from './sign-in-page.ts';
import { Store } from './store.ts';
import { askViewer, type ViewerAnswer } from './viewer.ts';

/** Who the page speaks for, and what the server says to that. */
export interface Standing {
  /** Undefined: requests carry no token. */
  readonly session: Session | undefined;
  /** Undefined without a session, and until the server has answered. */
  readonly answer: ViewerAnswer | undefined;
  /** What went wrong on the way to a session. */
  readonly notice: string | undefined;
  readonly busy: boolean;
}

const ANONYMOUS: Standing = {
  session: undefined,
  answer: undefined,
  notice: undefined,
  busy: false,
};
/** Milliseconds before a token's end at which it is renewed. */
const EARLY = 60_000;
/** The longest timer that browsers keep to. */
const LONGEST = 2 ** 31 - 1;

export interface SessionsParts {
  readonly endpoint: string;
  readonly localPool: LocalPool | undefined;
  readonly clients: readonly AppClient[];
}

/** Changes who the page speaks for; the last change counts. */
export class Sessions {
  readonly standing = new Store(ANONYMOUS);
  readonly #parts: SessionsParts;
  #change = 0;
  #renewal: number | undefined;

  constructor(parts: SessionsParts) {
    this.#parts = parts;
  }

  /** Where the server answers. */
  get endpoint(): string {
    return this.#parts.endpoint;
  }

  /** After a reload or on the way back from the sign-in page. */
  async resume(callback: string | undefined): Promise<void> {
    const page = SignInPage.last(this.#parts.clients);
    if (callback !== undefined) {
      await this.become(async () => {
        if (page) return page.finish(callback);
        throw new Error('The sign-in was begun in another tab.');
      });
      return;
    }
    const kept = keptSession();
    if (kept) await this.become(async () => kept);
    else if (page) await this.become(() => page.kept());
  }

  /** Takes on another session; where that fails, the old one stays and a notice says why. */
  async become(obtain: () => Promise<Session | undefined>): Promise<void> {
    const change = ++this.#change;
    const before = this.standing.get();
    this.standing.set({ ...before, notice: undefined, busy: true });
    try {
      const session = await obtain();
      if (change !== this.#change) return;
      keepSession(session);
      this.standing.set({ ...ANONYMOUS, session, busy: session !== undefined });
      this.#planRenewal();
      if (session === undefined) return;
      const answer = await askViewer(this.#parts.endpoint, session.accessToken);
      if (change === this.#change) this.standing.set({ ...ANONYMOUS, session, answer });
    } catch (error) {
      if (change !== this.#change) return;
      const notice = error instanceof Error ? error.message : String(error);
      this.standing.set({ ...before, notice, busy: false });
    }
  }

  /** Forgets the token; the pool's own session in this browser lasts. */
  async forget(): Promise<void> {
    await SignInPage.last(this.#parts.clients)?.forget();
    await this.become(async () => undefined);
  }

  /** Forgets the token and ends the pool's session where there may be one. */
  async signOut(): Promise<void> {
    const page = SignInPage.last(this.#parts.clients);
    const isSignedIn = await page?.isSignedIn();
    await this.forget();
    if (page === undefined || !isSignedIn) return;
    await this.become(async () => {
      await page.signOut();
      return undefined;
    });
  }

  /** Gets a new token for the same viewer. */
  async renew(): Promise<void> {
    const { session } = this.standing.get();
    if (session && isRenewable(session)) await this.become(() => this.#renewed(session));
  }

  async #renewed(session: Session): Promise<Session | undefined> {
    if (session.source === 'sign-in page') return SignInPage.last(this.#parts.clients)?.refresh();
    return this.#parts.localPool?.refresh(session);
  }

  #planRenewal(): void {
    window.clearTimeout(this.#renewal);
    const { session } = this.standing.get();
    const end = session && isRenewable(session) ? expiryOf(session) : undefined;
    if (end === undefined) return;
    const left = end - Date.now();
    // A token of a few minutes is renewed at half its life.
    const wait = Math.max(left - EARLY, left / 2, 1000);
    this.#renewal = window.setTimeout(() => this.renew(), Math.min(wait, LONGEST));
  }
}

/** Whether a new token can be had without asking anybody. */
export function isRenewable({ source, refreshToken }: Session): boolean {
  return source === 'machine client' || (source !== 'bad token' && refreshToken !== undefined);
}
