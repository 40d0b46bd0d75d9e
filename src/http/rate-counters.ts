import { Gauge } from '@prometheus-io/client';
import { serverKey } from '../database/server-key.js';
import type { App } from '../request/app.js';
import { metricsOf } from '../request/metrics.js';
import { ownCounters, type RateCounters } from './own-counters.js';

/** Where rate limits are counted: with `REDIS_URL` by all servers together, else by each for itself. */
export async function createRateCounters(app: App): Promise<RateCounters> {
  const counters = await countersOf(app);
  new Gauge({
    name: 'lifeguard_rate_limits_cut_off',
    help: 'Whether this server counts rate limits by itself, since the Redis of `REDIS_URL` is out of reach.',
    aggregator: 'max',
    registers: [metricsOf(app)],
    collect() {
      this.set(counters.isCutOff ? 1 : 0);
    },
  });
  return counters;
}

async function countersOf({ config: { redisUrl: url }, orm, log }: App): Promise<RateCounters> {
  if (url === undefined) return ownCounters;
  const secret = await serverKey(orm, 'rate limits');
  const { redisCounters } = await import('./redis-counters.js');
  return redisCounters({ url, secret, log });
}
