import type { FastifyInstance } from 'fastify';
import type { App } from '../request/app.js';
import type { TokenSource } from './memory-metrics.js';
import { createMetricsListener } from './metrics-listener.js';
import { addServerMetrics } from './server-metrics.js';

/**
 * The metrics of this process, for Prometheus: who may reach them is the network's to say. Undefined without
 * `METRICS_PORT`, and then nothing is measured.
 */
export function createMetrics(app: App, tokens: TokenSource): FastifyInstance | undefined {
  const { config, log } = app;
  if (config.metricsPort === undefined) return undefined;
  const registry = addServerMetrics(app, tokens);
  const { contentType } = registry;
  return createMetricsListener({ config, log, contentType, metrics: () => registry.metrics() });
}
