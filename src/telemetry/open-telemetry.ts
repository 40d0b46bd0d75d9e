import * as otel from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { TracingConfig } from '../config.js';
import { inTime } from '../in-time.js';
import { SERVER_VERSION } from '../version.js';
import { FLUSH_TIMEOUT } from './flush-timeout.js';
import type { Span, SpanStart, Tracer } from './tracer.js';

const KINDS = {
  server: otel.SpanKind.SERVER,
  internal: otel.SpanKind.INTERNAL,
  client: otel.SpanKind.CLIENT,
} as const;

/** W3C Trace Context, "traceparent Header Field Values", version 00. */
const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;

/** Spans by OpenTelemetry's SDK, whose parents are named: nothing is patched, and no context is carried for it. */
export function openTelemetryTracer(options: TracingConfig): Tracer {
  const { endpoint, headers, serviceName, sampled } = options;
  const provider = new TracerProvider({
    resource: defaultResource()
      .merge(detectResources({ detectors: [envDetector] }))
      .merge(
        resourceFromAttributes({ 'service.name': serviceName, 'service.version': SERVER_VERSION }),
      ),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(sampled) }),
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: new OTLPTraceExporter({ url: tracesUrl(endpoint), headers: { ...headers } }),
      }),
    ],
  });
  const tracer = provider.getTracer('lifeguard', SERVER_VERSION);
  return {
    begin({ name, kind, parent, attributes, startedAt }: SpanStart) {
      const span = tracer.startSpan(
        name,
        {
          kind: KINDS[kind],
          ...(attributes && { attributes }),
          ...(startedAt !== undefined && { startTime: startedAt }),
        },
        contextOf(parent),
      );
      return new OpenTelemetrySpan(span);
    },
    close: () => inTime(provider.shutdown(), FLUSH_TIMEOUT, lateCollector),
  };
}

const lateCollector = () =>
  new Error(`The collector did not take them within ${FLUSH_TIMEOUT} ms.`);

class OpenTelemetrySpan implements Span {
  readonly span: otel.Span;

  constructor(span: otel.Span) {
    this.span = span;
  }

  get traceId(): string {
    return this.span.spanContext().traceId;
  }

  rename(name: string): void {
    this.span.updateName(name);
  }

  set(attributes: otel.Attributes): void {
    this.span.setAttributes(attributes);
  }

  end(fault?: string): void {
    if (fault !== undefined) {
      this.span.setAttribute('error.type', fault);
      this.span.setStatus({ code: otel.SpanStatusCode.ERROR });
    }
    this.span.end();
  }
}

function contextOf(parent: Span | string | undefined): otel.Context {
  if (parent instanceof OpenTelemetrySpan)
    return otel.trace.setSpan(otel.ROOT_CONTEXT, parent.span);
  const remote = typeof parent === 'string' ? remoteOf(parent) : undefined;
  return remote === undefined
    ? otel.ROOT_CONTEXT
    : otel.trace.setSpanContext(otel.ROOT_CONTEXT, remote);
}

function remoteOf(traceparent: string): otel.SpanContext | undefined {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(traceparent) ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  const traceFlags = Number.parseInt(flags, 16) & otel.TraceFlags.SAMPLED;
  return { traceId, spanId, traceFlags, isRemote: true };
}

/** OpenTelemetry Protocol Exporter, "Endpoint URLs for OTLP/HTTP": the path of the signal is added. */
function tracesUrl(endpoint: string): string {
  return `${endpoint.replace(/\/+$/, '')}/v1/traces`;
}
