import type { Logger } from 'pino';
import type { Server } from '../app.js';
import { beginServer } from '../begin-server.js';
import type { Config } from '../config.js';
import { listenAt, placesOf } from '../listen.js';
import { END, type Ready } from './messages.js';

/**
 * Terminals and service managers send these to every process of a group. A worker ends once, whether by one
 * of them or because it is told to, and is not hurried by the second.
 */
const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT'] as const;

/** One of several processes that answer at the same port. */
export async function work(config: Config, log: Logger): Promise<void> {
  const { started, end } = beginServer(config, log, [...SIGNALS]);
  for (const signal of SIGNALS) process.on(signal, end);
  process.on('message', (message) => {
    if (message === END) end();
  });
  const server = await started;
  if (server === undefined) return;
  if (server.metrics !== undefined) await tellMetrics(server);
  try {
    const api = await listenAt(server.http, placesOf(config).api);
    const localPool = server.localPool?.endpoint;
    const ready: Ready = { kind: 'ready', api, ...(localPool !== undefined && { localPool }) };
    process.send?.(ready);
  } catch (error) {
    await server.close();
    throw error;
  }
}

/** Has the process that looks after the workers told what was measured, whenever it asks. */
async function tellMetrics({ app }: Server): Promise<void> {
  const { AggregatorRegistry } = await import('@prometheus-io/client');
  const { metricsOf } = await import('../request/metrics.js');
  AggregatorRegistry.setRegistries(metricsOf(app));
  new AggregatorRegistry();
}
