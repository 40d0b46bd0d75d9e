import type { FastifyRequest } from 'fastify';
import type { Span, Tracer } from '../telemetry/index.js';
import type { Exchange } from './request-log.js';
import type { AnsweredRequest } from './request-metrics.js';

/** Begins the span of a request, below the caller's where it sends a `traceparent` (W3C Trace Context). */
export function beginRequestSpan(tracer: Tracer, { method, headers }: FastifyRequest): Span {
  const { traceparent } = headers;
  return tracer.begin({
    name: method,
    kind: 'server',
    parent: typeof traceparent === 'string' ? traceparent : undefined,
    attributes: { 'http.request.method': method },
  });
}

/** Ends it; of the address only the route is told. */
export function endRequestSpan(
  { requestSpan, requestId, viewer }: Exchange,
  { method, route, status }: Pick<AnsweredRequest, 'method' | 'route' | 'status'>,
): void {
  if (requestSpan === undefined) return;
  if (route !== undefined) {
    requestSpan.rename(`${method} ${route}`);
    requestSpan.set({ 'http.route': route });
  }
  requestSpan.set({
    'http.response.status_code': status,
    'lifeguard.request_id': requestId,
    ...(viewer !== undefined && { 'lifeguard.viewer': viewer.kind }),
  });
  requestSpan.end(status >= 500 ? String(status) : undefined);
}
