/**
 * A `fetch` that speaks to Lifeguard as it wants to be spoken to. It has no dependency: copy it into your client and
 * hand it to whatever sends your operations. With Apollo Client take `lifeguard-link.ts` as well; with urql:
 *
 *     new Client({ url, exchanges: [cacheExchange, fetchExchange], fetch: lifeguardFetch({ tokens }) })
 */
export interface TokenSource {
  /** The access token of now; undefined: nobody is signed in. */
  current(): string | undefined;
  /** Gets a new one; undefined: the sign-in is over. Rejects where the pool could not be asked. */
  renew(): Promise<string | undefined>;
}

export interface LifeguardFetchOptions {
  readonly tokens: TokenSource;
  /** The server takes this sign-in no more. Called once for each token, with the server's `reason`. */
  readonly onSignedOut?: (reason: string) => void;
  /** The token was renewed because it lacked a role: what was read with the old one may be too little. */
  readonly onMoreRoles?: () => void;
  /** Milliseconds that a request waits in all when it is told to try again later. */
  readonly longestWait?: number;
  readonly fetch?: typeof globalThis.fetch;
}

export interface LifeguardRequestInit extends RequestInit {
  /** Whether sending it twice does no harm. By default a query's does not, and a mutation's does. */
  readonly repeatable?: boolean;
}

export type LifeguardFetch = (
  input: string | URL,
  init?: LifeguardRequestInit,
) => Promise<Response>;

/** Of the tokens that fail, those in whose place the pool may give a better one. */
const RENEWABLE: ReadonlySet<string> = new Set(['expired', 'invalid']);
/** Why a request is turned away before it is even read, so that no mutation of it can have happened. */
const NOT_EXECUTED: ReadonlySet<string> = new Set(['requests', 'failed_tokens', 'jwks']);
/** All in milliseconds. */
const SHORTEST_WAIT = 1_000;
const LONGEST_WAIT = 30_000;
/** So that not everybody who was told the same comes back at once. */
const JITTER = 500;
/** For so long a token that the pool just gave is good enough: a trigger of the pool may leave groups out. */
const GOOD_ENOUGH = 30_000;

/**
 * Adds the access token. Where it is refused as expired, or `x-token-stale` says that a new one would have a role
 * more, the token is renewed, once however many requests wait for it, and the request sent again with the new one. A
 * 429 or 503 is tried again after `Retry-After`, unless it is a mutation that may have happened.
 * @returns the last answer; rejects as `fetch` does, and where the token could not be renewed.
 */
export function lifeguardFetch(options: LifeguardFetchOptions): LifeguardFetch {
  const { longestWait = LONGEST_WAIT } = options;
  const send = signedIn(options);
  return async (input, { repeatable, ...init } = {}) => {
    const isRepeatable = repeatable ?? isQuery(init);
    for (let waited = 0; ; ) {
      const response = await send(input, init, isRepeatable);
      const wait = await waitAfter(response, isRepeatable);
      if (wait === undefined || waited + wait > longestWait) return response;
      await response.body?.cancel();
      await pause(wait, init.signal);
      waited += wait;
    }
  };
}

type Send = (input: string | URL, init: RequestInit, isRepeatable: boolean) => Promise<Response>;

/** Sends a request with the token of now, and again with a new one where there is a better. */
function signedIn({ tokens, onSignedOut, onMoreRoles, ...options }: LifeguardFetchOptions): Send {
  const fetch = options.fetch ?? globalThis.fetch;
  const renew = singleFlight(tokens);
  let refused: string | undefined;
  let freshest: string | undefined;
  let freshenedAt = Number.NEGATIVE_INFINITY;

  // Whoever is to know of a token is told once, not by every request that had it.
  const signOut = (token: string, reason: string) => {
    if (token === refused) return;
    refused = token;
    onSignedOut?.(reason);
  };
  const freshened = async (token: string) => {
    if (token === tokens.current() && Date.now() < freshenedAt + GOOD_ENOUGH) return undefined;
    const newer = await renew(token).catch(() => undefined);
    freshenedAt = Date.now();
    if (newer !== undefined && newer !== freshest) {
      freshest = newer;
      onMoreRoles?.();
    }
    return newer;
  };

  return async (input, init, isRepeatable) => {
    const token = tokens.current();
    const first = await fetch(input, withToken(init, token));
    if (token === undefined) return first;
    if (first.status === 401) {
      const reason = await reasonOf(first);
      const newer = RENEWABLE.has(reason) ? await renew(token) : undefined;
      if (newer === undefined) {
        signOut(token, reason);
        return first;
      }
      await first.body?.cancel();
      const second = await fetch(input, withToken(init, newer));
      if (second.status === 401) signOut(newer, await reasonOf(second));
      return second;
    }
    if (first.headers.get('x-token-stale') !== 'true') return first;
    const newer = await freshened(token);
    // Without a new token the answer is what this one is good for; what a mutation did it did.
    if (newer === undefined || !isRepeatable) return first;
    await first.body?.cancel();
    return fetch(input, withToken(init, newer));
  };
}

/** Renews a token that turned out not to be good enough, unless somebody has, or is about to. */
function singleFlight(tokens: TokenSource): (token: string) => Promise<string | undefined> {
  let underWay: Promise<string | undefined> | undefined;
  return async (token) => {
    const current = tokens.current();
    if (current !== token) return current;
    underWay ??= tokens.renew().finally(() => {
      underWay = undefined;
    });
    return underWay;
  };
}

function withToken(init: RequestInit, token: string | undefined): RequestInit {
  const headers = new Headers(init.headers);
  // With this media type the status says what became of the request, and the body is a GraphQL answer all the same.
  if (!headers.has('accept'))
    headers.set('accept', 'application/graphql-response+json, application/json;q=0.9');
  if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
  return { ...init, headers };
}

/**
 * By GET everything is a query; of a body that has no word of a mutation one can be sure without a parser, but not of
 * one that has a hash in the place of the operation.
 */
function isQuery({ method = 'GET', body }: RequestInit): boolean {
  if (method.toUpperCase() === 'GET') return true;
  if (typeof body !== 'string' || !/"query"\s*:/.test(body)) return false;
  return !/\b(?:mutation|subscription)\b/.test(body);
}

/** Milliseconds after which to try again; undefined: not at all. */
async function waitAfter(response: Response, isRepeatable: boolean): Promise<number | undefined> {
  if (response.status !== 429 && response.status !== 503) return undefined;
  const wait = retryAfterOf(response);
  if (wait === undefined) return undefined;
  if (!isRepeatable && !NOT_EXECUTED.has(await reasonOf(response))) return undefined;
  return Math.max(wait, SHORTEST_WAIT) + Math.random() * JITTER;
}

/** Seconds or a date (RFC 9110, section 10.2.3), in milliseconds from now. */
function retryAfterOf({ headers }: Response): number | undefined {
  const value = headers.get('retry-after')?.trim() ?? '';
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : date - Date.now();
}

/** What a client may branch on, of the first error; blank where the answer is no GraphQL. */
async function reasonOf(response: Response): Promise<string> {
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => undefined);
  const reason = ['errors', 0, 'extensions', 'reason'].reduce<unknown>(
    (value, key) => (value == null ? undefined : Reflect.get(Object(value), key)),
    body,
  );
  return typeof reason === 'string' ? reason : '';
}

/** @throws the signal's reason where the request is given up meanwhile */
async function pause(milliseconds: number, signal?: AbortSignal | null): Promise<void> {
  signal?.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const giveUp = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', giveUp);
      resolve();
    }, milliseconds);
    signal?.addEventListener('abort', giveUp, { once: true });
  });
}
