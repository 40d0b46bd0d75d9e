import closeWithGrace from 'close-with-grace';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Config } from '../config.js';
import { GRACE } from '../grace.js';
import { expectPorts, listenAt, placesOf } from '../listen.js';
import { welcome } from '../welcome.js';
import { Supervisor } from './supervisor.js';

/** Starts the workers, starts those again that die, and ends with all of them. */
export async function supervise(config: Config, log: Logger): Promise<void> {
  await expectPorts(config);
  const supervisor = new Supervisor({ count: config.workers, log });
  let metrics: FastifyInstance | undefined;
  let isClosing = false;
  closeWithGrace({ delay: GRACE, logger: log }, async ({ err }) => {
    isClosing = true;
    if (err) log.fatal({ err }, 'the server stops');
    await Promise.all([supervisor.close(), metrics?.close()]);
  });
  metrics = await metricsOf(config, log);
  try {
    const metricsAddress = metrics && (await listenAt(metrics, placesOf(config).metrics));
    const { api, localPool } = await supervisor.start();
    if (!isClosing)
      process.stdout.write(welcome({ api, localPool, metrics: metricsAddress }, config));
  } catch (error) {
    if (isClosing) return;
    await supervisor.close();
    throw error;
  }
}

/** Of all workers together. */
async function metricsOf(config: Config, log: Logger): Promise<FastifyInstance | undefined> {
  if (config.metricsPort === undefined) return undefined;
  const { AggregatorRegistry } = await import('@prometheus-io/client');
  const { createMetricsListener } = await import('../http/metrics-listener.js');
  // This process has nothing of its own to tell.
  AggregatorRegistry.setRegistries([]);
  const registry = new AggregatorRegistry();
  return createMetricsListener({
    config,
    log,
    contentType: registry.contentType,
    metrics: () => registry.clusterMetrics(),
  });
}
