import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { startApi, type TestApi } from '../support/api.js';
import { until } from '../support/process.js';
import { type Receiver, startReceiver } from '../support/receiver.js';
import { type ReceivedSpan, spansOf } from '../support/spans.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const CALLER = 'b7ad6b7169203331';
const REFRESH = 'mutation RefreshMine { refreshMyProfile { user { id profile { name } } } }';

let collector: Receiver;
let sentry: Receiver;
let api: TestApi;
let token: string;
const lines: Record<string, unknown>[] = [];

const sql = (statement: string) => api.server.app.orm.em.fork().execute(statement);

beforeAll(async () => {
  collector = await startReceiver();
  sentry = await startReceiver();
  api = await startApi({
    environment: {
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://${collector.host}/`,
      SENTRY_DSN: `http://public@${sentry.host}/7`,
      SLOW_QUERY_MS: '50',
    },
    onLog: (line) => lines.push(JSON.parse(line)),
  });
  token = await api.signIn('uma@example.com');
  await api.server.http.inject({
    method: 'POST',
    url: '/graphql?private=1',
    headers: {
      host: '127.0.0.1',
      authorization: `Bearer ${token}`,
      traceparent: `00-${TRACE}-${CALLER}-01`,
    },
    payload: { query: REFRESH },
  });
  await api.withToken(token).execute('{ user(id: "0192f0c1-0000-7000-8000-00000000abcd") { id } }');

  const input = '{ id: "0192f0c1-0000-7000-8000-00000000abcd", reason: "private" }';
  await api.withToken(token).execute(`mutation { disableUser(input: ${input}) { user { id } } }`);

  const ada = await api.as('ada@example.com');
  const asked = '{ auditLog(first: 3) { nodes { id } } }';
  await sql('alter table audit_event rename to kept_event');
  await sql('create view audit_event as select e.* from pg_sleep(0.1), kept_event e');
  await ada.execute(`query Slow ${asked}`);
  await sql('drop view audit_event');
  await ada.execute(`query Broken ${asked}`);
  await sql('alter table kept_event rename to audit_event');

  await api.server.app.jobs.add([{ kind: 'command', key: 'broken', payload: 5 }]);
  await until(() => lines.find(({ kind }) => kind === 'command'));
  // Sends what was not sent yet.
  await api.close();
});
afterAll(async () => {
  await collector.close();
  await sentry.close();
});

/** Nothing that was sent elsewhere may hold any of this. */
function expectNobodyIn(text: string): void {
  const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString();
  const { sub, username } = z
    .object({ sub: z.string(), username: z.string() })
    .parse(JSON.parse(payload));
  for (const secret of [
    sub,
    username,
    token,
    'uma@',
    'Uma',
    'ada@',
    'private',
    '127.0.0.1',
    '7-8000-00000000abcd',
  ])
    expect(text).not.toContain(secret);
}

describe('A trace', () => {
  const named = (name: string) => {
    const found = spansOf(collector.received).find((span) => span.name === name);
    if (found === undefined) throw new Error(`There is no span ${name}.`);
    return found;
  };
  const below = ({ spanId }: ReceivedSpan) =>
    spansOf(collector.received).filter(({ parentSpanId }) => parentSpanId === spanId);

  test('goes on from the caller through request and operation to statements and calls to the pool', () => {
    const operation = named('mutation RefreshMine');
    const request = spansOf(collector.received).find(
      ({ spanId }) => spanId === operation.parentSpanId,
    );
    expect(request).toMatchObject({
      traceId: TRACE,
      parentSpanId: CALLER,
      name: 'POST /graphql',
      attributes: {
        'http.request.method': 'POST',
        'http.route': '/graphql',
        'http.response.status_code': 200,
        'lifeguard.viewer': 'person',
      },
    });
    expect(operation.attributes).toEqual({
      'graphql.operation.type': 'mutation',
      'graphql.operation.name': 'RefreshMine',
      'graphql.document.sha256': expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    const work = below(operation);
    expect(work.every(({ traceId }) => traceId === TRACE)).toBe(true);
    const call = work.find(({ name }) => name === 'Cognito AdminGetUser');
    expect(call?.attributes).toEqual({
      'rpc.system': 'aws-api',
      'rpc.method': 'AdminGetUser',
      'lifeguard.pool': api.poolId,
      'lifeguard.quota_category': 'UserRead',
    });
    const [statement] = work.filter(({ name }) => name === 'SELECT');
    expect(statement?.attributes['db.query.text']).toMatch(/^select .* from /);
  });

  test('begins with who is asking: what is read for that is below the request', () => {
    const request = spansOf(collector.received).find(({ parentSpanId }) => parentSpanId === CALLER);
    if (request === undefined) throw new Error('There is no request.');
    expect(below(request).map(({ name }) => name)).toContain('SELECT');
  });

  test('has no value and nobody in it', () => {
    const text = collector.received.map((one) => one.text).join('');
    expect(text).toContain('RefreshMine');
    expectNobodyIn(text);
  });

  test('is failed where the server is at fault, and has the id that the log line has', () => {
    const operation = named('query Broken');
    expect(operation).toMatchObject({
      failed: true,
      attributes: { 'lifeguard.codes': 'INTERNAL_SERVER_ERROR' },
    });
    const line = lines.find(({ operationName }) => operationName === 'Broken');
    expect(line?.traceId).toBe(operation.traceId);
    expect(named('query').failed).toBe(false);
  });
});

describe('A report', () => {
  const reports = () => sentry.received.map(({ text }) => JSON.parse(text.split('\n')[2] ?? ''));
  const of = (tags: object) =>
    reports().filter((one) => {
      const expected = Object.entries(tags);
      return expected.every(([key, value]) => one.tags[key] === value);
    });

  test('of an error that a client sees masked has its operation, its request, and the stack', () => {
    expect(sentry.received[0]?.url).toMatch(/^\/api\/7\/envelope\/\?.*sentry_key=public/);
    const [report, ...others] = of({ operation: 'Broken' });
    expect(others).toEqual([]);
    const line = lines.find(
      ({ operationName, msg }) => operationName === 'Broken' && msg === 'request',
    );
    expect(report.tags).toEqual({
      operation: 'Broken',
      code: 'INTERNAL_SERVER_ERROR',
      request_id: line?.requestId,
      trace_id: line?.traceId,
    });
    expect(report.exception.values.at(-1)).toMatchObject({
      value: expect.stringContaining('"audit_event" does not exist'),
      stacktrace: {
        frames: expect.arrayContaining([expect.objectContaining({ lineno: expect.any(Number) })]),
      },
    });
    expect(report).not.toHaveProperty('request');
    expect(report).not.toHaveProperty('user');
  });

  test('of a job that failed has its kind', () => {
    const [report] = of({ job: 'command' });
    expect(report.exception.values[0].type).toBe('ZodError');
  });

  test('comes of nothing else, and has nobody in it', () => {
    expect(reports()).toHaveLength(2);
    expectNobodyIn(sentry.received.map(({ text }) => text).join(''));
  });
});

describe('A slow statement is logged', () => {
  test('with the operation that it is for, and without its values', () => {
    const [line, ...others] = lines.filter(
      ({ msg, operationName }) => msg === 'a statement was slow' && operationName === 'Slow',
    );
    expect(line).toMatchObject({
      level: 'warn',
      requestId: expect.any(String),
      duration: expect.any(Number),
      statement: expect.stringMatching(/from "audit_event".* limit \?$/),
    });
    expect(others).toEqual([]);
  });
});
