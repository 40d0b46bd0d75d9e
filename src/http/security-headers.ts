import cors from '@fastify/cors';
import type { FastifyInstance } from 'fastify';
import helmet, { type HelmetOptions } from 'helmet';
import { guardHost, type HostGuardOptions, isAllowedOrigin } from './host-guard.js';

export interface SecurityOptions extends HostGuardOptions {
  readonly productionLimits: boolean;
}

/** Seconds. */
const YEAR = 31_536_000;

/**
 * For every answer, those included that no hook of Fastify's sees: an answer is data, which a browser that is made to
 * show it may not let load, run or frame anything, and which no cache keeps.
 */
export function securityHeaders({
  productionLimits,
}: Pick<SecurityOptions, 'productionLimits'>): Readonly<Record<string, string>> {
  return {
    ...headersOf({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          'default-src': ["'none'"],
          'base-uri': ["'none'"],
          'form-action': ["'none'"],
          'frame-ancestors': ["'none'"],
        },
      },
      hsts: productionLimits && { maxAge: YEAR, includeSubDomains: true },
      xFrameOptions: { action: 'deny' },
    }),
    'cache-control': 'no-store',
  };
}

/** Which pages may read answers, `CORS_ORIGINS` says; cookies are never among it. */
export async function addSecurity(app: FastifyInstance, options: SecurityOptions): Promise<void> {
  const constant = securityHeaders(options);
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(constant).header('x-request-id', request.id);
    guardHost(request, options);
    done();
  });
  if (!options.loopbackOnly && options.corsOrigins.length === 0) return;
  await app.register(cors, {
    origin: (origin, decide) =>
      decide(null, origin !== undefined && isAllowedOrigin(origin, options)),
    methods: ['GET', 'POST'],
    exposedHeaders: ['WWW-Authenticate', 'Retry-After', 'X-Request-Id', 'X-Token-Stale'],
    credentials: false,
    maxAge: 600,
    // Else what is no preflight is refused in a text of the plugin's own.
    strictPreflight: false,
  });
}

/** What Helmet sets, which is the same for every answer. */
function headersOf(options: HelmetOptions): Record<string, string> {
  const headers: Record<string, string> = {};
  const response = {
    setHeader: (name: string, value: string) => {
      headers[name.toLowerCase()] = value;
    },
    removeHeader: () => {},
  };
  // Of the request it reads nothing, and of the response it calls these two.
  const ofNode = [{}, response] as unknown as Parameters<ReturnType<typeof helmet>>;
  helmet(options)(ofNode[0], ofNode[1], (error) => {
    if (error !== undefined) throw error;
  });
  return headers;
}
