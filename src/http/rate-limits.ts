import { isIPv6 } from 'node:net';
import type { RateLimiterRes } from 'rate-limiter-flexible';
import type { Viewer } from '../auth/viewer.js';
import type { Limits } from '../config.js';
import { RateLimitedError } from '../errors.js';
import { ownCounters, type RateCounters } from './own-counters.js';

/** Counts within a minute that begins with the first count. */
export interface RateLimits {
  /** @throws RateLimitedError while too many tokens from this address have failed */
  refuseAfterFailedTokens(ip: string): Promise<void>;
  countFailedToken(ip: string): Promise<void>;
  /** Messages whose signature was wrong. @throws RateLimitedError once there were too many from this address */
  countFailedSignature(ip: string): Promise<void>;
  /** By user, machine client or, for an anonymous viewer, address. @throws RateLimitedError */
  countRequest(viewer: Viewer, ip: string): Promise<void>;
}

const MINUTE = 60;

/** @param counters where it is counted; by default in the memory of this process */
export function createRateLimits(
  {
    failedTokensPerMinute,
    requestsPerMinute,
  }: Pick<Limits, 'failedTokensPerMinute' | 'requestsPerMinute'>,
  { counter }: Pick<RateCounters, 'counter'> = ownCounters,
): RateLimits {
  const duration = MINUTE;
  const failedTokens = counter({ name: 'tokens', points: failedTokensPerMinute, duration });
  const failedSignatures = counter({ name: 'signatures', points: failedTokensPerMinute, duration });
  const requests = counter({ name: 'requests', points: requestsPerMinute, duration });
  return {
    async refuseAfterFailedTokens(ip) {
      const count = await failedTokens.get(networkOf(ip));
      if (count !== null && count.remainingPoints <= 0) {
        throw new RateLimitedError('Too many tokens from this address have failed.', {
          reason: 'failed_tokens',
          hint: `At most ${failedTokensPerMinute} a minute may fail: get a fresh access token.`,
          retryAfter: secondsUntil(count),
        });
      }
    },
    async countFailedToken(ip) {
      await failedTokens.penalty(networkOf(ip));
    },
    async countFailedSignature(ip) {
      const count = await failedSignatures.penalty(networkOf(ip));
      if (count.consumedPoints > failedTokensPerMinute) {
        throw new RateLimitedError('Too many messages from this address were not signed.', {
          reason: 'failed_signatures',
          hint: `At most ${failedTokensPerMinute} a minute may fail: look at WEBHOOK_SECRET.`,
          retryAfter: secondsUntil(count),
        });
      }
    },
    async countRequest(viewer, ip) {
      const count = await requests.penalty(identityOf(viewer, ip));
      if (count.consumedPoints > requestsPerMinute) {
        throw new RateLimitedError('Too many requests.', {
          reason: 'requests',
          hint: `At most ${requestsPerMinute} a minute are answered.`,
          retryAfter: secondsUntil(count),
        });
      }
    },
  };
}

function secondsUntil({ msBeforeNext }: RateLimiterRes): number {
  return Math.max(1, Math.ceil(msBeforeNext / 1000));
}

function identityOf(viewer: Viewer, ip: string): string {
  if (viewer.kind === 'person') return `user ${viewer.userId}`;
  if (viewer.kind === 'client') return `client ${viewer.token.poolId}/${viewer.token.clientId}`;
  return `address ${networkOf(ip)}`;
}

/** An IPv6 address by its /64, all of which one subscriber has (RFC 6177, section 2). */
export function networkOf(ip: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1];
  if (mapped !== undefined) return mapped;
  const [address = ''] = ip.split('%', 1);
  if (!isIPv6(address)) return ip;
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const start = head === '' ? [] : head.split(':');
  const end = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array<string>(8 - start.length - end.length).fill('0');
  return `${[...start, ...zeros, ...end].slice(0, 4).join(':')}::/64`;
}
