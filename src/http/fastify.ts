import { type FastifyBaseLogger, type FastifyInstance, fastify, LogController } from 'fastify';
import type { Logger } from 'pino';
import type { Limits } from '../config.js';
import type { FormatError } from '../graphql/format-error.js';
import { parseJsonBody } from './json-body.js';
import { refusalOf, sendRefusal } from './refusal.js';
import { requestIdOf } from './request-id.js';
import { securityHeaders } from './security-headers.js';
import { refuseOnSocket, type UnfinishedOn } from './socket-refusal.js';

export interface FastifyOptions {
  readonly limits: Limits;
  /** Addresses or CIDR ranges of the proxies whose `X-Forwarded-*` headers count. */
  readonly trustProxy: readonly string[];
  readonly log: Logger;
  readonly formatError: FormatError;
  readonly productionLimits: boolean;
}

const SECOND = 1000;

/** Fastify with this server's limits of the protocol, taking JSON bodies alone. */
export function createFastify(
  { limits, trustProxy, log, formatError, productionLimits }: FastifyOptions,
  unfinishedOn: UnfinishedOn,
): FastifyInstance {
  const headers = securityHeaders({ productionLimits });
  const logger: FastifyBaseLogger = log;
  const requestTimeout = limits.requestTimeout * SECOND;
  const refuseSocket = refuseOnSocket({ formatError, log, unfinishedOn, headers });
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
      // `guardHost` refuses what has none as it refuses everything; Node would without a body.
      requireHostHeader: false,
      requestTimeout,
      headersTimeout: requestTimeout,
      connectionsCheckingInterval: SECOND,
    },
    clientErrorHandler: refuseSocket,
    frameworkErrors: (error, request, reply) => {
      const scope = { requestId: request.id, log };
      const refusal = refusalOf(error, { scope, formatError, tokenCame: false });
      reply.headers(headers).header('x-request-id', request.id);
      return sendRefusal(request, reply, refusal);
    },
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser<Buffer>(
    'application/json',
    { parseAs: 'buffer' },
    (request, body, done) => done(null, parseJsonBody(request, body)),
  );
  app.server.on('connect', (_request, socket) => refuseSocket({ code: 'CONNECT' }, socket));
  // Node would answer 417 by itself; an expectation may be left unmet (RFC 9110, section 10.1.1).
  app.server.on('checkExpectation', (request, response) => {
    app.server.emit('request', request, response);
  });
  return app;
}
