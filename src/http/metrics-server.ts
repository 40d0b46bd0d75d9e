import { type FastifyInstance, fastify } from 'fastify';
import type { App } from '../request/app.js';
import { guardHost } from './host-guard.js';
import type { TokenSource } from './memory-metrics.js';
import { securityHeaders } from './security-headers.js';
import { addServerMetrics } from './server-metrics.js';

/**
 * The listener for Prometheus, `/metrics`, apart from the API: who may reach it is the network's to say. It
 * never listens by itself. Undefined without `METRICS_PORT`, and then nothing is measured.
 */
export function createMetrics(app: App, tokens: TokenSource): FastifyInstance | undefined {
  const { metricsPort, pools, corsOrigins } = app.config;
  if (metricsPort === undefined) return undefined;
  const registry = addServerMetrics(app, tokens);
  const guard = { loopbackOnly: pools.length === 0, corsOrigins };
  const server = fastify({ forceCloseConnections: true });
  const headers = securityHeaders(app.config);
  server.addHook('onRequest', async (request, reply) => {
    reply.headers(headers);
    guardHost(request, guard);
  });
  server.setErrorHandler((err, _request, reply) => {
    app.log.warn({ err }, 'metrics were not answered');
    return reply.code(403).type('text/plain').send('Refused.\n');
  });
  server.setNotFoundHandler((_request, reply) =>
    reply.code(404).type('text/plain').send('Metrics are at /metrics.\n'),
  );
  server.get('/metrics', async (_request, reply) =>
    reply.type(registry.contentType).send(await registry.metrics()),
  );
  return server;
}
