import { type FastifyBaseLogger, type FastifyInstance, fastify, LogController } from 'fastify';
import type { Logger } from 'pino';
import type { Limits } from '../config.js';
import type { FormatError } from '../graphql/format-error.js';
import { parseJsonBody } from './json-body.js';
import { refusalOf, sendRefusal } from './refusal.js';
import { requestIdOf } from './request-id.js';
import { refuseOnSocket } from './socket-refusal.js';

export interface FastifyOptions {
  readonly limits: Limits;
  /** Addresses or CIDR ranges of the proxies whose `X-Forwarded-*` headers count. */
  readonly trustProxy: readonly string[];
  readonly log: Logger;
  readonly formatError: FormatError;
}

const SECOND = 1000;

/** Fastify with this server's limits of the protocol, taking JSON bodies alone. */
export function createFastify({
  limits,
  trustProxy,
  log,
  formatError,
}: FastifyOptions): FastifyInstance {
  const logger: FastifyBaseLogger = log;
  const requestTimeout = limits.requestTimeout * SECOND;
  const refuseSocket = refuseOnSocket(formatError, log);
  const app = fastify({
    loggerInstance: logger,
    // Of a request nobody logs through Fastify: what would is made where it is needed, see `RequestExchange`.
    childLoggerFactory: () => logger,
    // `request-log.ts` writes the one line of a request.
    logController: new LogController({
      disableRequestLogging: true,
      requestIdLogLabel: 'requestId',
    }),
    genReqId: requestIdOf,
    trustProxy: trustProxy.length > 0 ? [...trustProxy] : false,
    bodyLimit: limits.bodyBytes,
    requestTimeout,
    connectionTimeout: limits.connectionTimeout * SECOND,
    keepAliveTimeout: limits.connectionTimeout * SECOND,
    forceCloseConnections: 'idle',
    // A request that a closing server has already read gets its answer.
    return503OnClosing: false,
    http: {
      maxHeaderSize: limits.headerBytes,
      requestTimeout,
      headersTimeout: requestTimeout,
      connectionsCheckingInterval: SECOND,
      // `host-guard.ts` does, with an answer like any other.
      requireHostHeader: false,
    },
    clientErrorHandler: refuseSocket,
    frameworkErrors: (error, request, reply) => {
      const scope = { requestId: request.id, log };
      const refusal = refusalOf(error, { scope, formatError, tokenCame: false });
      return sendRefusal(request, reply.header('x-request-id', request.id), refusal);
    },
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<Buffer>(
    'application/json',
    { parseAs: 'buffer' },
    (request, body, done) => done(null, parseJsonBody(request, body)),
  );
  app.server.on('connect', (_request, socket) => refuseSocket({ code: 'CONNECT' }, socket));
  return app;
}
