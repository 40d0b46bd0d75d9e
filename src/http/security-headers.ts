import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';
import { guardHost, type HostGuardOptions, isAllowedOrigin } from './host-guard.js';

export interface SecurityOptions extends HostGuardOptions {
  readonly productionLimits: boolean;
}

/** Seconds. */
const YEAR = 31_536_000;

/**
 * Answers are data: a browser that is made to show one may load, run and frame nothing, and no
 * cache keeps one. Which pages may read them, `CORS_ORIGINS` says; cookies are never among it.
 */
export async function addSecurity(app: FastifyInstance, options: SecurityOptions): Promise<void> {
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({ 'x-request-id': request.id, 'cache-control': 'no-store' });
  });
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        'base-uri': ["'none'"],
        'form-action': ["'none'"],
        'frame-ancestors': ["'none'"],
      },
    },
    hsts: options.productionLimits && { maxAge: YEAR, includeSubDomains: true },
    xFrameOptions: { action: 'deny' },
  });
  app.addHook('onRequest', async (request) => guardHost(request, options));
  if (!options.loopbackOnly && options.corsOrigins.length === 0) return;
  await app.register(cors, {
    origin: (origin, decide) =>
      decide(null, origin !== undefined && isAllowedOrigin(origin, options)),
    methods: ['GET', 'POST'],
    exposedHeaders: ['WWW-Authenticate', 'Retry-After', 'X-Request-Id', 'X-Token-Stale'],
    credentials: false,
    maxAge: 600,
  });
}
