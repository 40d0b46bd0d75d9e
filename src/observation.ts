import { Histogram, type Registry } from '@prometheus-io/client';
import type { Logger } from 'pino';
import type { Config } from './config.js';
import type { OnStatement, Statement } from './database/orm-options.js';
import { statementText } from './database/statement-text.js';
import { LifeguardError } from './errors.js';
import { isOutage } from './graphql/outage.js';
import { type RequestScope, requestScope } from './graphql/request-scope.js';
import type { JobFailure } from './jobs/index.js';
import {
  createErrorReports,
  createTracer,
  type ErrorReports,
  type Tracer,
} from './telemetry/index.js';
import { faultOf, type ObserveCall } from './user-pool/index.js';

/** What watches a server: it is told what happens and changes nothing. */
export interface Observation {
  readonly tracer: Tracer | undefined;
  readonly reports: ErrorReports | undefined;
  readonly onStatement: OnStatement;
  /** Undefined where nobody wants to know. */
  readonly observeCall: ObserveCall | undefined;
  onMasked(error: unknown, scope: RequestScope | undefined): void;
  onJobFailed(failure: JobFailure): void;
  /** Has what was measured so far, and what will be, told with the rest. */
  measureFor(registry: Registry): void;
  close(): Promise<void>;
}

/** Seconds of statements and calls. */
const BUCKETS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** Loads what the configuration asks for, and nothing else. */
export async function createObservation(config: Config, log: Logger): Promise<Observation> {
  const tracer = await createTracer(config.tracing);
  const reports = await createErrorReports(config.errorReports);
  const isMeasured = config.metricsPort !== undefined;
  const statements = new Histogram({
    name: 'lifeguard_statement_duration_seconds',
    help: 'How long statements took: of requests, and of the work behind them.',
    labelNames: ['work'],
    buckets: BUCKETS,
    registers: [],
  });
  const calls = new Histogram({
    name: 'lifeguard_pool_call_duration_seconds',
    help: 'How long calls to a pool took from when they were sent, by operation, category of the quotas, and outcome.',
    labelNames: ['pool', 'operation', 'category', 'outcome'],
    buckets: BUCKETS,
    registers: [],
  });

  return {
    tracer,
    reports,
    onStatement(statement) {
      const { duration, label } = statement;
      if (duration === undefined) return;
      const scope = label === undefined ? requestScope.getStore() : undefined;
      if (isMeasured)
        statements.observe({ work: scope ? 'request' : 'background' }, duration / 1000);
      if (tracer !== undefined && scope !== undefined) trace(tracer, scope, statement, duration);
      if (config.slowQuery !== undefined && duration >= config.slowQuery)
        logSlow(scope?.log ?? log, scope, statement);
    },
    observeCall:
      tracer === undefined && !isMeasured
        ? undefined
        : async (call, send) => {
            const { poolId: pool, operation, category } = call;
            const beganAt = performance.now();
            const span = beginCall(tracer, call);
            const ended = (fault?: string) => {
              span?.end(fault);
              if (!isMeasured) return;
              const labels = { pool, operation, category, outcome: fault ?? 'ok' };
              calls.observe(labels, (performance.now() - beganAt) / 1000);
            };
            try {
              const answer = await send();
              ended();
              return answer;
            } catch (error) {
              ended(faultOf(error));
              throw error;
            }
          },
    onMasked(error, scope) {
      reports?.report(error, {
        requestId: scope?.requestId,
        traceId: scope?.span?.traceId,
        operationName: scope?.operationName,
        code: 'INTERNAL_SERVER_ERROR',
      });
    },
    onJobFailed({ kind, error, attempts, isGivenUp }) {
      const isExpected = error instanceof LifeguardError || isOutage(error);
      // Each run of a job that goes on failing tells the same.
      if (!isExpected && (attempts <= 1 || isGivenUp)) reports?.report(error, { job: kind });
    },
    measureFor(registry) {
      registry.registerMetric(statements);
      registry.registerMetric(calls);
    },
    async close() {
      await Promise.all([
        tracer?.close().catch((err: unknown) => log.warn({ err }, 'traces were not all sent')),
        reports?.close(),
      ]);
    },
  };
}

/** A statement is told once it is over: its span is made afterwards, as long as it took. */
function trace(
  tracer: Tracer,
  { span: parent }: RequestScope,
  { sql, failed }: Statement,
  duration: number,
): void {
  if (parent === undefined) return;
  const text = statementText(sql);
  const name = /^\w+/.exec(text)?.[0]?.toUpperCase() ?? 'SQL';
  const attributes = { 'db.system.name': 'postgresql', 'db.query.text': text };
  const startedAt = Date.now() - duration;
  tracer
    .begin({ name, kind: 'client', parent, attributes, startedAt })
    .end(failed ? 'failed' : undefined);
}

function logSlow(
  log: Logger,
  scope: RequestScope | undefined,
  { sql, label, duration }: Statement,
): void {
  log.warn(
    {
      ...(scope?.operationName !== undefined && { operationName: scope.operationName }),
      ...(scope === undefined && { work: label ?? 'unnamed' }),
      duration,
      statement: statementText(sql),
    },
    'a statement was slow',
  );
}

function beginCall(
  tracer: Tracer | undefined,
  { poolId, operation, category }: Parameters<ObserveCall>[0],
) {
  const parent = requestScope.getStore()?.span;
  if (tracer === undefined || parent === undefined) return undefined;
  return tracer.begin({
    name: `Cognito ${operation}`,
    kind: 'client',
    parent,
    attributes: {
      'rpc.system': 'aws-api',
      'rpc.method': operation,
      'lifeguard.pool': poolId,
      'lifeguard.quota_category': category,
    },
  });
}
