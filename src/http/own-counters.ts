import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible';

export interface RateCounterOptions {
  /** What is counted, a part of the keys that are shared. */
  readonly name: string;
  /** How much is allowed. */
  readonly points: number;
  /** Seconds from the first count of a key until it begins anew. */
  readonly duration: number;
}

/** Counts by key, as the limiters of `rate-limiter-flexible` do. */
export interface RateCounter {
  get(key: string): Promise<RateLimiterRes | null>;
  /** Counts one more, also above what is allowed. */
  penalty(key: string): Promise<RateLimiterRes>;
}

export interface RateCounters {
  counter(options: RateCounterOptions): RateCounter;
  /** Whether counts are not shared although they should be. */
  readonly isCutOff: boolean;
  close(): void;
}

/** In the memory of this process. */
export const ownCounters: RateCounters = {
  counter: ({ points, duration }) => new RateLimiterMemory({ points, duration }),
  isCutOff: false,
  close: () => {},
};
