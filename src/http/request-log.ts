import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Viewer } from '../auth/viewer.js';
import type { RequestScope } from '../graphql/request-scope.js';
import type { Span } from '../telemetry/index.js';

/** What the server knows of a request while it answers it. */
export interface Exchange extends RequestScope {
  /** Absent until, and unless, the request was authenticated. */
  viewer?: Viewer;
  /** Of the whole request, where traces are switched on. */
  readonly requestSpan?: Span | undefined;
  /** Whether the log and the metrics have it. */
  isTold: boolean;
}

/** The status of what got no answer since its connection had ended, as nginx has it: such are the slowest. */
export const CUT_OFF = 499;

const LONGEST_PATH = 200;

interface Answered {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly status: number;
  readonly exchange: Exchange;
}

/** One line for each request: nothing of its query string, variables or headers but the id. */
export function logRequest(log: Logger, { request, reply, status, exchange }: Answered): void {
  const { viewer, operationName, operationType, requestId, requestSpan, faults = [] } = exchange;
  const reasons = faults.flatMap(({ reason }) => reason ?? []);
  const fields = {
    requestId,
    ...(requestSpan !== undefined && { traceId: requestSpan.traceId }),
    method: request.method,
    path: request.url.split('?', 1)[0]?.slice(0, LONGEST_PATH),
    status,
    duration: Math.round(reply.elapsedTime * 10) / 10,
    ...(operationName !== undefined && { operationName }),
    ...(operationType !== undefined && { operationType }),
    ...(faults.length > 0 && { codes: [...new Set(faults.map(({ code }) => code))] }),
    ...(reasons.length > 0 && { reasons }),
    ...(viewer !== undefined && { viewer: viewer.kind }),
    ...(viewer?.kind === 'person' && { userId: viewer.userId }),
    ...(viewer?.kind === 'client' && { clientId: viewer.token.clientId }),
  };
  if (status >= 500) log.warn(fields, 'request');
  else log.info(fields, 'request');
}
