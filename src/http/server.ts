import type { BaseContext } from '@apollo/server';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Viewer } from '../auth/viewer.js';
import { NotFoundError } from '../errors.js';
import { requestError } from './errors.js';
import { createFastify, type FastifyOptions } from './fastify.js';
import { closeGracefully } from './graceful-close.js';
import { addGraphQLRoute, type GraphQLRouteOptions } from './graphql-route.js';
import type { Health } from './health.js';
import { addHooks, HOOK_PATH, type HooksOptions } from './hooks.js';
import { refusalOf, sendRefusal } from './refusal.js';
import { type Exchange, logRequest } from './request-log.js';
import { APOLLO_STUDIO, addSandbox, type SandboxOptions } from './sandbox.js';
import { addSecurity, type SecurityOptions } from './security-headers.js';

export interface HttpServerOptions<C extends BaseContext>
  extends FastifyOptions,
    SecurityOptions,
    GraphQLRouteOptions<C> {
  readonly health: Health;
  readonly version: string;
  readonly sandbox: SandboxOptions;
  /** Absent: nobody may tell of changes at the pool. */
  readonly hooks?: HooksOptions | undefined;
}

const METHODS_BY_PATH: Readonly<Record<string, string>> = {
  '/graphql': 'GET, POST',
  '/livez': 'GET, HEAD',
  '/readyz': 'GET, HEAD',
};

/**
 * The HTTP server: `/graphql` with its sandbox, `/livez`, `/readyz`, `/hooks/pool`. It never listens by itself, and
 * whatever it refuses it refuses with a GraphQL response.
 */
export async function createHttpServer<C extends BaseContext>(
  options: HttpServerOptions<C>,
): Promise<FastifyInstance> {
  const app = createFastify(options);
  const exchangeOf = exchanges(options);
  const refuse = (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
    const refusal = refusalOf(error, {
      scope: exchangeOf(request),
      formatError: options.formatError,
      tokenCame: request.headers.authorization !== undefined,
    });
    return sendRefusal(request, reply, refusal);
  };

  app.addHook('onResponse', (request, reply, done) => {
    logRequest(options.log, { request, reply, exchange: exchangeOf(request) });
    done();
  });
  app.setErrorHandler((error, request, reply) => refuse(error, request, reply));
  closeGracefully(app, options.health);
  await addSecurity(app, { ...options, corsOrigins: corsOriginsOf(options) });
  const refuseUnknown = (request: FastifyRequest, reply: FastifyReply) => {
    const path = request.url.split('?', 1)[0] ?? '';
    const methods = path === HOOK_PATH && options.hooks ? 'POST' : METHODS_BY_PATH[path];
    if (methods === undefined) return refuse(new NotFoundError('Not found.'), request, reply);
    return refuse(requestError(405), request, reply.header('allow', methods));
  };
  // Not first in the handler below, which a body that does not parse would never reach.
  app.addHook('onRequest', (request, reply, done) => {
    if (request.is404) refuseUnknown(request, reply);
    else done();
  });
  app.setNotFoundHandler(refuseUnknown);
  addProbes(app, options);
  if (options.hooks) await addHooks(app, { ...options.hooks, rateLimits: options.rateLimits });
  const page = await addSandbox(app, options.sandbox);
  addGraphQLRoute(app, exchangeOf, { ...options, page });
  return app;
}

function corsOriginsOf({
  corsOrigins,
  sandbox,
}: Pick<SecurityOptions, 'corsOrigins'> & { readonly sandbox: SandboxOptions }) {
  return sandbox.kind === 'apollo' ? [...corsOrigins, APOLLO_STUDIO] : corsOrigins;
}

function exchanges({ log }: FastifyOptions): (request: FastifyRequest) => Exchange {
  const byRequest = new WeakMap<FastifyRequest, Exchange>();
  return (request) => {
    const known = byRequest.get(request);
    if (known !== undefined) return known;
    const exchange = new RequestExchange(request.id, log);
    byRequest.set(request, exchange);
    return exchange;
  };
}

/** Most requests have nothing to log but their own line. */
class RequestExchange implements Exchange {
  viewer?: Viewer;
  operationName?: string;
  #log: Logger | undefined;

  constructor(
    readonly requestId: string,
    private readonly serverLog: Logger,
  ) {}

  get log(): Logger {
    this.#log ??= this.serverLog.child({ requestId: this.requestId });
    return this.#log;
  }
}

/** Neither authenticated nor counted: who probes holds no token and must not be turned away. */
function addProbes(
  app: FastifyInstance,
  { health, version }: { health: Health; version: string },
): void {
  app.get('/livez', async () => ({ status: 'live', version }));
  app.get('/readyz', async (_request, reply) => {
    const readiness = await health.readiness();
    return reply.code(readiness.status === 'ready' ? 200 : 503).send(readiness);
  });
}
