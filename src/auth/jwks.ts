import { isNativeError } from 'node:util/types';
import { JwksUnavailableError } from './errors.js';
import { publishedKeys } from './published-keys.js';
import type { SigningKey, SigningKeys } from './signing-keys.js';

/** Milliseconds. Whatever fails, a withdrawn key is gone within 15 minutes of an endpoint that answers. */
export interface JwksTiming {
  /** For a whole answer. */
  readonly timeout: number;
  /** From a load that succeeded to the next. */
  readonly refresh: number;
  /** From a load that failed to the next, doubled with each further failure. */
  readonly retry: number;
  readonly longestRetry: number;
  /** In which keys that are not known cause one load at most. */
  readonly unknownKey: number;
}

const TIMING: JwksTiming = {
  timeout: 3_000,
  refresh: 10 * 60_000,
  retry: 1_000,
  longestRetry: 60_000,
  unknownKey: 10_000,
};

export interface JwksLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface PoolJwksOptions {
  readonly poolId: string;
  readonly jwksUri: string;
  readonly log: JwksLog;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly timing?: Partial<JwksTiming> | undefined;
}

export interface JwksStatus {
  readonly keys: number;
  readonly loadedAt: Date | undefined;
  /** Of the last load, if that failed. */
  readonly lastError: string | undefined;
}

/**
 * The signing keys of one pool, kept current behind the requests. The last good set outlives any
 * outage and any answer that is empty, broken or too large.
 */
export class PoolJwks {
  readonly #options: PoolJwksOptions;
  readonly #timing: JwksTiming;
  readonly #closing = new AbortController();
  #keys: SigningKeys = new Map();
  #loadedAt: number | undefined;
  #loading: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #failures = 0;
  #lastError: unknown;
  #failedAt = Number.NEGATIVE_INFINITY;
  #unknownKeyAt = Number.NEGATIVE_INFINITY;

  constructor(options: PoolJwksOptions) {
    this.#options = options;
    this.#timing = { ...TIMING, ...options.timing };
  }

  /** Begins to load the keys, and to keep them current until `close()`. */
  start(): void {
    void this.#load();
  }

  close(): void {
    this.#closing.abort();
    clearTimeout(this.#timer);
  }

  get status(): JwksStatus {
    return {
      keys: this.#keys.size,
      loadedAt: this.#loadedAt === undefined ? undefined : new Date(this.#loadedAt),
      lastError: this.#failures === 0 ? undefined : messageOf(this.#lastError),
    };
  }

  /**
   * The key of that `kid`; none where the pool publishes none, as far as can be told.
   * @throws JwksUnavailableError while no set was ever loaded.
   */
  async key(kid: string): Promise<SigningKey | undefined> {
    if (this.#keys.size === 0) await this.#loadFirst();
    else if (!this.#keys.has(kid)) await this.#loadForUnknownKey();
    return this.#keys.get(kid);
  }

  /** Whether the pool still publishes this very key: a `kid` may come back with another one. */
  holds({ kid, n, e }: SigningKey): boolean {
    const held = this.#keys.get(kid);
    return held !== undefined && held.n === n && held.e === e;
  }

  async #loadFirst(): Promise<void> {
    const mayLoad =
      this.#loading !== undefined || this.#since(this.#failedAt) >= this.#timing.retry;
    if (mayLoad) await this.#load();
    if (this.#keys.size === 0) throw new JwksUnavailableError(this.#lastError);
  }

  async #loadForUnknownKey(): Promise<void> {
    if (this.#loading === undefined) {
      if (this.#since(this.#unknownKeyAt) < this.#timing.unknownKey) return;
      this.#unknownKeyAt = this.#options.now();
    }
    await this.#load();
  }

  /** One load at a time: whoever asks meanwhile waits for it. Never rejects. */
  #load(): Promise<void> {
    this.#loading ??= this.#loadOnce().finally(() => {
      this.#loading = undefined;
    });
    return this.#loading;
  }

  async #loadOnce(): Promise<void> {
    clearTimeout(this.#timer);
    const { jwksUri } = this.#options;
    const { timeout } = this.#timing;
    try {
      const signal = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(timeout)]);
      this.#loaded(await publishedKeys(jwksUri, signal));
    } catch (error) {
      this.#failed(error);
    }
  }

  #loaded(keys: SigningKeys): void {
    const { poolId, now, log } = this.#options;
    const isNews = this.#loadedAt === undefined || this.#failures > 0;
    if (isNews) log.info({ poolId, keys: keys.size }, 'the signing keys of the pool were loaded');
    this.#keys = keys;
    this.#loadedAt = now();
    this.#failures = 0;
    this.#loadAgainIn(this.#timing.refresh);
  }

  #failed(error: unknown): void {
    if (this.#closing.signal.aborted) return;
    const { poolId, now, log } = this.#options;
    const { retry, longestRetry } = this.#timing;
    this.#loadAgainIn(Math.min(retry * 2 ** this.#failures, longestRetry));
    this.#failures += 1;
    this.#lastError = error;
    this.#failedAt = now();
    const keys = this.#keys.size;
    log.warn({ poolId, keys, err: error }, 'the signing keys of the pool could not be loaded');
  }

  #loadAgainIn(delay: number): void {
    if (this.#closing.signal.aborted) return;
    this.#timer = setTimeout(() => void this.#load(), delay).unref();
  }

  /** A clock that was set back must not hold up a load. */
  #since(time: number): number {
    return Math.abs(this.#options.now() - time);
  }
}

/** An error has no message of its own where several addresses were tried. */
function messageOf(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(messageOf).join(' ');
  return isNativeError(error) ? error.message : String(error);
}
