import { Counter, Histogram, type Registry } from '@prometheus-io/client';
import { OperationNames } from './operation-names.js';
import { CUT_OFF, type Exchange } from './request-log.js';

/** A request after its answer, or after its connection has ended without one. */
export interface AnsweredRequest {
  readonly method: string;
  /** As it was declared; undefined where there is none. */
  readonly route: string | undefined;
  readonly status: number;
  readonly seconds: number;
  readonly exchange: Exchange;
}

/** From what a remembered viewer's `me` takes to what nobody waits for. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Others are of a client's making. */
const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'OPTIONS']);

/** What is measured of a kind of requests; found by one look into a map, since that is done for each request. */
interface Series {
  observe(seconds: number): void;
}

/** Begins to count requests and operations, and how long they take. */
export function createRequestMetrics(registry: Registry): (answered: AnsweredRequest) => void {
  const registers = [registry];
  const http = new Histogram({
    name: 'lifeguard_http_request_duration_seconds',
    help: 'How long requests took, by method, route and status.',
    labelNames: ['method', 'route', 'status'],
    buckets: BUCKETS,
    registers,
  });
  const durations = new Histogram({
    name: 'lifeguard_operation_duration_seconds',
    help: 'How long requests for a GraphQL operation took, by its name and type.',
    labelNames: ['operation', 'type'],
    buckets: BUCKETS,
    registers,
  });
  const operations = new Counter({
    name: 'lifeguard_operations_total',
    help: 'GraphQL operations by name, type and the code of the first error; OK without one.',
    labelNames: ['operation', 'type', 'code'],
    registers,
  });
  const errors = new Counter({
    name: 'lifeguard_errors_total',
    help: 'Requests whose answer had such an error: tokens that failed, limits that were hit, outages and more.',
    labelNames: ['code', 'reason'],
    registers,
  });
  const names = new OperationNames();
  const requestSeries = new Map<string, Series>();
  const operationSeries = new Map<string, Series>();
  const outcomes = new Map<string, { inc(): void }>();

  return ({ method, route = 'other', status, seconds, exchange }) => {
    const known = METHODS.has(method) ? method : 'other';
    built(requestSeries, `${known} ${route} ${status}`, () =>
      http.labels({ method: known, route, status }),
    ).observe(seconds);
    const { operationType: type, operationName, faults, viewer } = exchange;
    if (faults !== undefined)
      for (const { code, reason = '' } of faults) errors.inc({ code, reason });
    if (type === undefined) return;
    const ofStranger = viewer === undefined || viewer.kind === 'anonymous';
    const operation = names.of({ name: operationName, ofStranger });
    const kind = `${type} ${operation}`;
    built(operationSeries, kind, () => durations.labels({ operation, type })).observe(seconds);
    const code = faults?.[0]?.code ?? (status === CUT_OFF ? 'CUT_OFF' : 'OK');
    built(outcomes, `${kind} ${code}`, () => operations.labels({ operation, type, code })).inc();
  };
}

function built<T>(series: Map<string, T>, key: string, build: () => T): T {
  const known = series.get(key);
  if (known !== undefined) return known;
  const made = build();
  series.set(key, made);
  return made;
}
