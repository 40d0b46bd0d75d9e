import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { AccessToken } from './access-token.js';
import { accessTokenOf } from './claims.js';
import { readCompactJws } from './compact-jws.js';
import { InvalidTokenError } from './errors.js';
import { type JwksLog, type JwksStatus, type JwksTiming, PoolJwks } from './jwks.js';
import { verifySignature } from './signature.js';
import type { SigningKey } from './signing-keys.js';
import type { TrustedPool } from './trusted-pool.js';

export interface AccessTokenVerifierOptions {
  readonly pools: readonly TrustedPool[];
  readonly log: JwksLog;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  /** How many verified tokens are remembered; 10,000. */
  readonly remembered?: number;
  readonly jwksTiming?: Partial<JwksTiming>;
}

export interface PoolJwksStatus extends JwksStatus {
  readonly poolId: string;
}

interface PoolWithKeys {
  readonly pool: TrustedPool;
  readonly jwks: PoolJwks;
}

interface Verified {
  readonly accessToken: AccessToken;
  readonly key: SigningKey;
  readonly jwks: PoolJwks;
}

/** Tells the access tokens that trusted pools issued to their trusted clients from all others. */
export class AccessTokenVerifier {
  readonly #pools: readonly PoolWithKeys[];
  readonly #now: () => number;
  /** By SHA-256 of the token, so that no usable token stays in memory. */
  readonly #remembered: LRUCache<string, Verified>;
  readonly #underWay = new Map<string, Promise<AccessToken>>();
  /** How often a token was looked for among those that are remembered, and was there, or not. */
  readonly lookups = { hit: 0, miss: 0 };

  constructor(options: AccessTokenVerifierOptions) {
    const { pools, log, now = () => Date.now(), remembered = 10_000, jwksTiming: timing } = options;
    this.#now = now;
    this.#remembered = new LRUCache({ max: remembered });
    this.#pools = pools.map((pool) => {
      const { id: poolId, jwksUri } = pool;
      return { pool, jwks: new PoolJwks({ poolId, jwksUri, log, now, timing }) };
    });
  }

  /** Begins to load the signing keys, in the background, and to keep them current. */
  start(): void {
    for (const { jwks } of this.#pools) jwks.start();
  }

  close(): void {
    for (const { jwks } of this.#pools) jwks.close();
  }

  /** The signing keys at hand, for probes and logs. */
  jwks(): readonly PoolJwksStatus[] {
    return this.#pools.map(({ pool, jwks }) => ({ poolId: pool.id, ...jwks.status }));
  }

  /**
   * What a token that was verified before says. It is forgotten when it has expired, when the pool
   * no longer publishes its key, and when many others came since.
   */
  remembered(token: string): AccessToken | undefined {
    const known = this.#recall(digestOf(token));
    this.lookups[known === undefined ? 'miss' : 'hit']++;
    return known;
  }

  /**
   * Verifies a token, each one once however many requests bring it.
   * @throws UnauthenticatedError (reason `invalid`, `expired` or `id_token`) for a token that fails,
   * UnavailableError while its pool's keys could never be loaded.
   */
  async verify(token: string): Promise<AccessToken> {
    const digest = digestOf(token);
    const known = this.#recall(digest) ?? this.#underWay.get(digest);
    if (known !== undefined) return known;
    const verified = this.#verifyAndRemember(token, digest).finally(() =>
      this.#underWay.delete(digest),
    );
    this.#underWay.set(digest, verified);
    return verified;
  }

  #recall(digest: string): AccessToken | undefined {
    const verified = this.#remembered.get(digest);
    if (verified === undefined) return undefined;
    const { accessToken, key, jwks } = verified;
    if (accessToken.expiresAt * 1000 > this.#now() && jwks.holds(key)) return accessToken;
    this.#remembered.delete(digest);
    return undefined;
  }

  /** The signature comes last: a token that fails for what it says causes no load of keys. */
  async #verifyAndRemember(token: string, digest: string): Promise<AccessToken> {
    const { kid, claims } = readCompactJws(token);
    const { pool, jwks } = this.#issuedBy(claims.iss);
    const accessToken = accessTokenOf(claims, pool, this.#now());
    const key = await jwks.key(kid);
    if (key === undefined) throw new InvalidTokenError('the pool publishes no such key');
    verifySignature(token, key, pool);
    this.#remembered.set(digest, { accessToken, key, jwks });
    return accessToken;
  }

  #issuedBy(issuer: unknown): PoolWithKeys {
    const trusted = this.#pools.find(({ pool }) => pool.issuers.some((own) => own === issuer));
    if (trusted === undefined) throw new InvalidTokenError('the issuer is no trusted pool');
    return trusted;
  }
}

function digestOf(token: string): string {
  return hash('sha256', token, 'base64');
}
