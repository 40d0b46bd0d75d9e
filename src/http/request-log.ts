import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Viewer } from '../auth/viewer.js';
import type { RequestScope } from '../graphql/request-scope.js';

/** What the server knows of a request while it answers it. */
export interface Exchange extends RequestScope {
  /** Absent until, and unless, the request was authenticated. */
  viewer?: Viewer;
}

const LONGEST_PATH = 200;

interface Answered {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly exchange: Exchange;
}

/** One line for each request: nothing of its query string, variables or headers but the id. */
export function logRequest(log: Logger, { request, reply, exchange }: Answered): void {
  const { viewer, operationName, requestId } = exchange;
  const fields = {
    requestId,
    method: request.method,
    path: request.url.split('?', 1)[0]?.slice(0, LONGEST_PATH),
    status: reply.statusCode,
    duration: Math.round(reply.elapsedTime * 10) / 10,
    ...(operationName !== undefined && { operationName }),
    ...(viewer !== undefined && { viewer: viewer.kind }),
    ...(viewer?.kind === 'person' && { userId: viewer.userId }),
    ...(viewer?.kind === 'client' && { clientId: viewer.token.clientId }),
  };
  if (reply.statusCode >= 500) log.warn(fields, 'request');
  else log.info(fields, 'request');
}
