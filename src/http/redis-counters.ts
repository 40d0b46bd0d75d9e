import { createHmac } from 'node:crypto';
import { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { RateLimiterRedis } from 'rate-limiter-flexible';
import { ownCounters, type RateCounter, type RateCounters } from './own-counters.js';
import { withinDeadline } from './within-deadline.js';

interface RedisOptions {
  /** Such as `rediss://user:password@redis.internal:6379/0`. */
  readonly url: string;
  /** Keys are hashed with it, so that whoever reads Redis learns nothing of people and addresses. */
  readonly secret: Buffer;
  readonly log: Logger;
  /** Milliseconds that a request waits for Redis at most. */
  readonly deadline?: number;
}

// All in milliseconds.
const DEADLINE = 50;
/** For so long nobody asks again after Redis has failed somebody. */
const REST = 1_000;
/** Without a word for so long after a command a connection is dead; shorter than the rest. */
const SILENCE = 500;
const LONGEST_RETRY = 2_000;

/**
 * Counters in Redis, and this process's own for while Redis is out of reach: then no request waits for it but those
 * that it left without an answer, and it is used again by itself once it is back.
 */
export function redisCounters({
  url,
  secret,
  log,
  deadline = DEADLINE,
}: RedisOptions): RateCounters {
  const redis = new Redis(url, {
    connectTimeout: LONGEST_RETRY,
    socketTimeout: SILENCE,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (times) => Math.min(times * 100, LONGEST_RETRY),
  });
  const reach = new Reach(log);
  redis.on('ready', () => reach.gained());
  redis.on('close', () => reach.lost());
  redis.on('error', (error) => reach.lost(error));
  const keyOf = (name: string, key: string) =>
    createHmac('sha256', secret).update(`${name} ${key}`).digest('base64url');

  return {
    counter(options) {
      const own = ownCounters.counter(options);
      const { name, points, duration } = options;
      const keyPrefix = `lifeguard:${name}`;
      const shared = new RateLimiterRedis({ storeClient: redis, keyPrefix, points, duration });
      const counted = async <Count>(
        ask: (counter: RateCounter, key: string) => Promise<Count>,
        key: string,
      ) => {
        if (redis.status !== 'ready' || reach.rests) return ask(own, key);
        try {
          const count = await withinDeadline(ask(shared, keyOf(name, key)), deadline);
          reach.gained();
          return count;
        } catch (error) {
          reach.failed(error);
          return ask(own, key);
        }
      };
      return {
        get: (key) => counted((counter, known) => counter.get(known), key),
        penalty: (key) => counted((counter, known) => counter.penalty(known), key),
      };
    },
    get isCutOff() {
      return !reach.isReached;
    },
    close() {
      redis.removeAllListeners('close');
      redis.disconnect();
    },
  };
}

/** Whether Redis answers; the log is told when that changes. */
class Reach {
  #isReached: boolean | undefined;
  #restUntil = 0;

  constructor(private readonly log: Logger) {}

  get isReached(): boolean {
    return this.#isReached === true;
  }

  get rests(): boolean {
    if (this.#restUntil === 0) return false;
    if (performance.now() < this.#restUntil) return true;
    this.#restUntil = 0;
    return false;
  }

  gained(): void {
    if (this.#isReached) return;
    this.#isReached = true;
    this.#restUntil = 0;
    this.log.info('rate limits are counted in Redis');
  }

  lost(err?: unknown): void {
    if (this.#isReached === false) return;
    this.#isReached = false;
    this.log.warn(
      { err },
      'Redis is out of reach: until it is back this server counts rate limits by itself',
    );
  }

  /** Of a command. The connection may be good all the same, and then says nothing more of itself. */
  failed(err: unknown): void {
    this.#restUntil = performance.now() + REST;
    this.lost(err);
  }
}
