import type { Duplex } from 'node:stream';
import type { BaseContext } from '@apollo/server';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { OperationTypeNode } from 'graphql';
import type { Logger } from 'pino';
import type { Viewer } from '../auth/viewer.js';
import { NotFoundError } from '../errors.js';
import type { Fault } from '../graphql/request-scope.js';
import type { Span, Tracer } from '../telemetry/index.js';
import { requestError } from './errors.js';
import { createFastify, type FastifyOptions } from './fastify.js';
import { closeGracefully } from './graceful-close.js';
import { addGraphQLRoute, type GraphQLRouteOptions } from './graphql-route.js';
import type { Health } from './health.js';
import { addHooks, HOOK_PATH, type HooksOptions } from './hooks.js';
import { refusalOf, sendRefusal } from './refusal.js';
import { CUT_OFF, type Exchange, logRequest } from './request-log.js';
import type { AnsweredRequest } from './request-metrics.js';
import { beginRequestSpan, endRequestSpan } from './request-span.js';
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
  /** Undefined unless traces are switched on. */
  readonly tracer?: Tracer | undefined;
  /** Told of each request after its answer. */
  readonly onAnswered?: ((answered: AnsweredRequest) => void) | undefined;
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
  const exchangeOf = exchanges(options);
  const underWay = new WeakMap<Duplex, FastifyReply>();
  const tell = (reply: FastifyReply, status: number) => {
    const { request } = reply;
    const exchange = exchangeOf(request);
    if (exchange.isTold) return;
    exchange.isTold = true;
    if (underWay.get(request.raw.socket) === reply) underWay.delete(request.raw.socket);
    logRequest(options.log, { request, reply, status, exchange });
    const { method, routeOptions } = request;
    const route = request.is404 ? undefined : routeOptions.url;
    const seconds = reply.elapsedTime / 1000;
    options.onAnswered?.({ method, route, status, seconds, exchange });
    endRequestSpan(exchange, { method, route, status });
  };
  const app = createFastify(options, (socket) => {
    const reply = underWay.get(socket);
    // One whose body has come is not what cannot be read.
    if (reply === undefined || reply.request.raw.complete) return undefined;
    return { scope: exchangeOf(reply.request), tell: (status) => tell(reply, status) };
  });
  // So that all requests have one shape.
  app.decorateRequest(EXCHANGE);
  const refuse = (error: unknown, request: FastifyRequest, reply: FastifyReply) => {
    const refusal = refusalOf(error, {
      scope: exchangeOf(request),
      formatError: options.formatError,
      tokenCame: request.headers.authorization !== undefined,
    });
    return sendRefusal(request, reply, refusal);
  };

  app.addHook('onRequest', (request, reply, done) => {
    // Its span begins with the request, not where somebody first asks for it.
    if (options.tracer !== undefined) exchangeOf(request);
    underWay.set(request.raw.socket, reply);
    // Fastify's hook is not told of these.
    reply.raw.once('close', () => {
      if (!reply.raw.writableFinished) tell(reply, CUT_OFF);
    });
    done();
  });
  app.addHook('onResponse', (_request, reply, done) => {
    tell(reply, reply.statusCode);
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

const EXCHANGE = Symbol('exchange');

declare module 'fastify' {
  interface FastifyRequest {
    [EXCHANGE]?: Exchange;
  }
}

function exchanges({
  log,
  tracer,
}: Pick<FastifyOptions, 'log'> & { readonly tracer?: Tracer | undefined }): (
  request: FastifyRequest,
) => Exchange {
  return (request) => {
    request[EXCHANGE] ??= new RequestExchange(
      request.id,
      log,
      tracer && beginRequestSpan(tracer, request),
    );
    return request[EXCHANGE];
  };
}

/** Most requests have nothing to log but their own line: what logs the others is made when it is asked for. */
class RequestExchange implements Exchange {
  declare viewer?: Viewer;
  declare operationName?: string;
  declare operationType?: OperationTypeNode;
  declare faults?: Fault[];
  declare span?: Span;
  isTold = false;
  #log: Logger | undefined;

  constructor(
    readonly requestId: string,
    private readonly serverLog: Logger,
    readonly requestSpan: Span | undefined,
  ) {
    if (requestSpan !== undefined) this.span = requestSpan;
  }

  get log(): Logger {
    const { requestId, requestSpan } = this;
    this.#log ??= this.serverLog.child({
      requestId,
      ...(requestSpan !== undefined && { traceId: requestSpan.traceId }),
    });
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
