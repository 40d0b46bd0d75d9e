import { z } from 'zod';
import type { Received } from './receiver.js';

const attribute = z.object({
  key: z.string(),
  value: z.object({ stringValue: z.string().optional(), intValue: z.number().optional() }),
});
const exported = z.object({
  resourceSpans: z.array(
    z.object({
      scopeSpans: z.array(
        z.object({
          spans: z.array(
            z.object({
              traceId: z.string(),
              spanId: z.string(),
              parentSpanId: z.string().optional(),
              name: z.string(),
              kind: z.number(),
              startTimeUnixNano: z.string(),
              endTimeUnixNano: z.string(),
              attributes: z.array(attribute),
              status: z.object({ code: z.number().optional() }),
            }),
          ),
        }),
      ),
    }),
  ),
});

export interface ReceivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly name: string;
  readonly attributes: Readonly<Record<string, string | number | undefined>>;
  /** Nanoseconds since the epoch. */
  readonly startedAt: bigint;
  readonly endedAt: bigint;
  readonly failed: boolean;
}

/** The spans of what an OpenTelemetry exporter has posted (OTLP 1.x, JSON). */
export function spansOf(received: readonly Received[]): ReceivedSpan[] {
  return received
    .filter(({ url }) => url === '/v1/traces')
    .flatMap(({ text }) => exported.parse(JSON.parse(text)).resourceSpans)
    .flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans))
    .map(({ attributes, status, startTimeUnixNano, endTimeUnixNano, ...span }) => ({
      ...span,
      parentSpanId: span.parentSpanId,
      attributes: Object.fromEntries(
        attributes.map(({ key, value }) => [key, value.stringValue ?? value.intValue]),
      ),
      startedAt: BigInt(startTimeUnixNano),
      endedAt: BigInt(endTimeUnixNano),
      failed: status.code === 2,
    }));
}
