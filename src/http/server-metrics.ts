import {
  type Aggregator,
  Counter,
  collectDefaultMetrics,
  Gauge,
  type Registry,
} from '@prometheus-io/client';
import { takenSlots } from '../database/call-slots.js';
import { jobCounts } from '../jobs/index.js';
import type { App } from '../request/app.js';
import { batchSizesOf } from '../request/batch-loader.js';
import { metricsOf } from '../request/metrics.js';
import type { CallCounts } from '../user-pool/index.js';
import { SERVER_VERSION } from '../version.js';
import { addDatabaseMetrics } from './database-metrics.js';
import { addMemoryMetrics, type TokenSource } from './memory-metrics.js';
import { unlessFailed } from './unless-failed.js';

/** Begins to measure the process, the calls to the pools, the jobs, the database and what is remembered. */
export function addServerMetrics(app: App, tokens: TokenSource): Registry {
  const registry = metricsOf(app);
  // First, since the others need connections to be collected.
  addDatabaseMetrics(app, registry);
  collectDefaultMetrics({ register: registry });
  tellOfTheMost(registry);
  addCallMetrics(app, registry);
  addBudgetMetric(app, registry);
  addPoolMetrics(app, registry);
  addJobMetrics(app, registry);
  addMemoryMetrics(app, tokens, registry);
  addInfo(app, registry);
  // Told from the start, not from the first batch on.
  batchSizesOf(app);
  return registry;
}

/**
 * Has several processes tell of the one that began last, which the client library leaves out, and of the event loop that
 * lags most, whose average would hide it from whoever is to be alarmed.
 */
function tellOfTheMost(registry: Registry): void {
  for (const metric of registry.getMetricsAsArray()) {
    const { name, aggregator } = metric;
    const isLag = name.startsWith('nodejs_eventloop_lag_') && aggregator === 'average';
    if (isLag || name === 'process_start_time_seconds') metric.aggregator = 'max';
  }
}

const BY_CATEGORY = ['region', 'category'] as const;

/**
 * What is counted by the Region and the category of the quotas, and what it is of all processes of a server; a
 * total never falls.
 */
const CALL_METRICS = [
  [Counter, 'calls_sent_total', 'Calls sent by this server.', 'sent', 'sum'],
  [
    Counter,
    'calls_throttled_total',
    'Calls of this server that were too many.',
    'throttled',
    'sum',
  ],
  [Gauge, 'calls_per_second', 'Calls that all servers together may send.', 'perSecond', 'max'],
  [Gauge, 'calls_waiting', 'Calls of this server that wait for their turn.', 'waiting', 'sum'],
  [Gauge, 'calls_under_way', 'Calls of this server without an answer yet.', 'underWay', 'sum'],
] as const satisfies readonly (readonly [unknown, string, string, keyof CallCounts, Aggregator])[];

function addCallMetrics({ callBudgets }: App, registry: Registry): void {
  for (const [Metric, name, help, count, aggregator] of CALL_METRICS) {
    new Metric({
      name: `lifeguard_pool_${name}`,
      help,
      aggregator,
      labelNames: BY_CATEGORY,
      registers: [registry],
      collect() {
        this.reset();
        for (const { region, category, ...counts } of callBudgets.flatMap((b) => b.counts()))
          this.inc({ region, category }, counts[count]);
      },
    });
  }
}

function addBudgetMetric(app: App, registry: Registry): void {
  new Gauge({
    name: 'lifeguard_pool_budget_wait_seconds',
    help: 'What a call that comes now waits, since that much of the budget that servers share is taken; 0: none is.',
    aggregator: 'max',
    labelNames: ['row'],
    registers: [registry],
    async collect() {
      this.reset();
      await unlessFailed(app, async () => {
        for (const { row, seconds } of await takenSlots(app.orm)) this.set({ row }, seconds);
      });
    },
  });
}

const TROUBLES = ['outage', 'throttling'] as const;

function addPoolMetrics({ userPools }: App, registry: Registry): void {
  new Gauge({
    name: 'lifeguard_pool_trouble',
    help: 'Whether calls to a pool fail without being sent (outage: its breaker is open), or wait since there were too many (throttling).',
    aggregator: 'max',
    labelNames: ['pool', 'trouble'],
    registers: [registry],
    collect() {
      for (const { id: pool, trouble: current } of userPools.values()) {
        for (const trouble of TROUBLES) this.set({ pool, trouble }, current === trouble ? 1 : 0);
      }
    },
  });
}

function addJobMetrics(app: App, registry: Registry): void {
  new Gauge({
    name: 'lifeguard_jobs',
    help: 'Jobs of all servers of the database; those whose last run failed are in another state too.',
    aggregator: 'max',
    labelNames: ['kind', 'state'],
    registers: [registry],
    async collect() {
      this.reset();
      await unlessFailed(app, async () => {
        for (const { kind, ...states } of await jobCounts(app.orm)) {
          for (const [state, count] of Object.entries(states)) this.set({ kind, state }, count);
        }
      });
    },
  });
}

function addInfo({ config }: App, registry: Registry): void {
  const database = config.databaseUrl === undefined ? 'embedded' : 'postgresql';
  new Gauge({
    name: 'lifeguard_info',
    help: 'What runs here; always 1.',
    aggregator: 'first',
    labelNames: ['version', 'database'],
    registers: [registry],
  }).set({ version: SERVER_VERSION, database }, 1);
}
