import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Viewer } from '../auth/viewer.js';
import type { RequestScope } from '../graphql/request-scope.js';
import type { Span } from '../telemetry/index.js';

/** What the server knows of a request while it answers it. */
export interface Exchange extends RequestScope {
  /** Absent until, and unless, the request was authenticated. */
  viewer?: Viewer;
  /** Of the whole request, where traces are switched on. */
  readonly requestSpan?: Span | undefined;
}

const LONGEST_PATH = 200;

/** One line for each request: nothing of its query string, variables or headers but the id. */
export function logRequest(request: FastifyRequest, reply: FastifyReply, exchange: Exchange): void {
  const { viewer, operationName, operationType, faults = [] } = exchange;
  const reasons = faults.flatMap(({ reason }) => reason ?? []);
  const fields = {
    method: request.method,
    path: request.url.split('?', 1)[0]?.slice(0, LONGEST_PATH),
    status: reply.statusCode,
    duration: Math.round(reply.elapsedTime * 10) / 10,
    ...(operationName !== undefined && { operationName }),
    ...(operationType !== undefined && { operationType }),
    ...(faults.length > 0 && { codes: [...new Set(faults.map(({ code }) => code))] }),
    ...(reasons.length > 0 && { reasons }),
    ...(viewer !== undefined && { viewer: viewer.kind }),
    ...(viewer?.kind === 'person' && { userId: viewer.userId }),
    ...(viewer?.kind === 'client' && { clientId: viewer.token.clientId }),
  };
  if (reply.statusCode >= 500) exchange.log.warn(fields, 'request');
  else exchange.log.info(fields, 'request');
}
