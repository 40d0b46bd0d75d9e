import type { ErrorReportsConfig, TracingConfig } from '../config.js';
import type { ErrorReports } from './error-reports.js';
import type { Tracer } from './tracer.js';

export type { ErrorReports, ReportContext } from './error-reports.js';
export type { Attributes, Span, SpanStart, Tracer } from './tracer.js';

/** OpenTelemetry's SDK is loaded here, and only where it is asked for. */
export async function createTracer(
  options: TracingConfig | undefined,
): Promise<Tracer | undefined> {
  if (options === undefined) return undefined;
  const { openTelemetryTracer } = await import('./open-telemetry.js');
  return openTelemetryTracer(options);
}

/** Sentry's library is loaded here, and only where it is asked for. */
export async function createErrorReports(
  options: ErrorReportsConfig | undefined,
): Promise<ErrorReports | undefined> {
  if (options === undefined) return undefined;
  const { sentryReports } = await import('./sentry.js');
  return sentryReports(options);
}
