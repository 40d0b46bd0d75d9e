import { type FastifyInstance, fastify } from 'fastify';
import type { Logger } from 'pino';
import type { Config } from '../config.js';
import { LifeguardError } from '../errors.js';
import { guardHost } from './host-guard.js';
import { securityHeaders } from './security-headers.js';

export interface MetricsListenerOptions {
  readonly config: Pick<Config, 'pools' | 'corsOrigins' | 'productionLimits'>;
  readonly log: Logger;
  readonly contentType: string;
  /** In Prometheus' text format. */
  readonly metrics: () => Promise<string>;
}

/** The listener for Prometheus, `/metrics`, apart from the API. It never listens by itself. */
export function createMetricsListener({
  config,
  log,
  contentType,
  metrics,
}: MetricsListenerOptions): FastifyInstance {
  const guard = { loopbackOnly: config.pools.length === 0, corsOrigins: config.corsOrigins };
  const headers = securityHeaders(config);
  const server = fastify({ forceCloseConnections: true });
  server.addHook('onRequest', async (request, reply) => {
    reply.headers(headers);
    guardHost(request, guard);
  });
  server.setErrorHandler((err, _request, reply) => {
    log.warn({ err }, 'metrics were not answered');
    // Of several processes one may hang, and none is told then.
    const [status, told] =
      err instanceof LifeguardError ? [403, 'Refused.\n'] : [503, 'Not to be had now.\n'];
    return reply.code(status).type('text/plain').send(told);
  });
  server.setNotFoundHandler((_request, reply) =>
    reply.code(404).type('text/plain').send('Metrics are at /metrics.\n'),
  );
  server.get('/metrics', async (_request, reply) => reply.type(contentType).send(await metrics()));
  return server;
}
