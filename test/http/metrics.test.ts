import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { AggregatorRegistry } from '@prometheus-io/client';
import { viewerChangesOf } from '../../src/directory/index.js';
import { metricsOf } from '../../src/request/metrics.js';
import { startApi, type TestApi } from '../support/api.js';
import { onPostgres } from '../support/database.js';
import { alerts, documentedMetrics, expressions, runbooks } from '../support/metric-documents.js';
import { declared, sampleNames, seriesIn } from '../support/prometheus.js';
import { selectorsIn, selects } from '../support/promql.js';

let api: TestApi;
beforeAll(async () => {
  api = await startApi({ environment: { METRICS_PORT: '0' } });
});
afterEach(() => api.localPool.faults.clear());
afterAll(() => api.close());

async function scraped(headers: Record<string, string> = { host: '127.0.0.1' }) {
  const { metrics } = api.server;
  if (metrics === undefined) throw new Error('There are no metrics.');
  return metrics.inject({ method: 'GET', url: '/metrics', headers });
}

/** The value of a sample by its name and labels, as the text has them. */
async function sample(name: string): Promise<number | undefined> {
  const { body } = await scraped();
  const line = body.split('\n').find((one) => one.startsWith(`${name} `));
  return line === undefined ? undefined : Number(line.slice(name.length + 1));
}

const selectors = async () => (await expressions()).flatMap(selectorsIn);

/** Metrics that one kind of database alone has, or has with all their values. */
const OF_ONE_DATABASE = new Set([
  'lifeguard_database_connections',
  'lifeguard_disk_free_ratio',
  'lifeguard_info',
]);

const READS = 'region="us-east-1",category="UserRead"';

test('tells of the calls to the pool, by Region and category of the quotas', async () => {
  const uma = await api.as('uma@example.com');
  await uma.execute('mutation { refreshMyProfile { user { id } } }');
  const sent = api.localPool.calls.get('AdminGetUser');
  expect(await sample(`lifeguard_pool_calls_sent_total{${READS}}`)).toBe(sent);
  expect(await sample(`lifeguard_pool_calls_throttled_total{${READS}}`)).toBe(0);
  expect(await sample(`lifeguard_pool_calls_per_second{${READS}}`)).toBe(96);
  expect(await sample(`lifeguard_pool_calls_waiting{${READS}}`)).toBe(0);
  expect(await sample(`lifeguard_pool_calls_under_way{${READS}}`)).toBe(0);
});

test('of several processes, tells of the one whose event loop lags most', async () => {
  const name = 'nodejs_eventloop_lag_p99_seconds';
  const told = await metricsOf(api.server.app).getMetricsAsJSON();
  const processes = [0.1, 0.9, 0.2].map((value) =>
    told
      .filter((metric) => metric.name === name)
      .map((metric) => ({ ...metric, values: [{ value, labels: {} }] })),
  );
  expect(await AggregatorRegistry.aggregate(processes).getSingleMetricAsString(name)).toMatch(
    /^nodejs_eventloop_lag_p99_seconds 0.9$/m,
  );
});

test('tells how much of the shared budget is taken', async () => {
  const [row] = await api.server.app.orm.em
    .fork()
    .execute("update call_slot set next_at = now() + interval '1 hour' returning row");
  const taken = await sample(`lifeguard_pool_budget_wait_seconds{row="${row?.row}"}`);
  expect(taken).toBeGreaterThan(3_000);
  await api.server.app.orm.em.fork().execute('update call_slot set next_at = now()');
});

test('tells of a pool in trouble', async () => {
  const pool = `lifeguard_pool_trouble{pool="${api.poolId}",trouble="outage"}`;
  expect(await sample(pool)).toBe(0);
  const uma = await api.as('uma@example.com');
  api.localPool.faults.set({ operations: [{ match: '*', fault: 'error' }], jwks: 'ok' });
  for (let times = 0; times < 5; times++)
    await uma.execute('mutation { refreshMyProfile { user { id } } }');
  expect(await sample(pool)).toBe(1);
});

test('tells of jobs by kind and state', async () => {
  await api.server.app.jobs.add([
    { kind: 'unheard-of', key: 'now' },
    { kind: 'unheard-of', key: 'later', delay: 3_600_000 },
  ]);
  expect(await sample('lifeguard_jobs{kind="unheard-of",state="due"}')).toBe(1);
  expect(await sample('lifeguard_jobs{kind="unheard-of",state="waiting"}')).toBe(1);
  expect(await sample('lifeguard_jobs{kind="unheard-of",state="running"}')).toBe(0);
  expect(await sample('lifeguard_jobs{kind="unheard-of",state="failed"}')).toBe(0);
});

test('tells for how long revocations are not known', async () => {
  await viewerChangesOf(api.server.app).read();
  expect(await sample('lifeguard_revocation_lag_seconds')).toBeLessThan(10);
});

test('tells of the process, and of nobody', async () => {
  const { statusCode, headers, body } = await scraped();
  expect(statusCode).toBe(200);
  expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(body).toContain('process_cpu_user_seconds_total');
  expect(body).not.toMatch(/uma|@example/);
});

test('tells of requests and operations, and of the errors in their answers', async () => {
  await api.anonymous.execute('query Named { server { name } }');
  await api.anonymous.execute('{ me { id } }');
  await api.withToken('no.such.token').execute('query Named { server { name } }');
  await api.server.http.inject({ url: '/nowhere', headers: { host: '127.0.0.1' } });
  const { body } = await scraped();
  for (const line of [
    'lifeguard_operations_total{operation="Named",type="query",code="OK"} 1',
    'lifeguard_operations_total{operation="anonymous",type="query",code="UNAUTHENTICATED"} 1',
    'lifeguard_operation_duration_seconds_count{operation="Named",type="query"} 1',
    'lifeguard_http_request_duration_seconds_count{method="GET",route="other",status="404"} 1',
    'lifeguard_errors_total{code="UNAUTHENTICATED",reason="invalid"} 1',
  ])
    expect(body).toContain(line);
  expect(body).toMatch(/duration_seconds_count\{method="POST",route="\/graphql",status="401"\} 2/);
});

test('tells of what was remembered, batched, sent and asked of the database', async () => {
  const ada = await api.as('ada@example.com');
  const users = '{ users(first: 5) { nodes { profile { name } account { groups } } } }';
  const before = await sample('lifeguard_cache_lookups_total{cache="viewers",result="hit"}');
  for (let times = 0; times < 3; times++) await ada.execute(users);
  expect(
    await sample('lifeguard_cache_lookups_total{cache="tokens",result="hit"}'),
  ).toBeGreaterThan(1);
  expect(
    await sample('lifeguard_cache_lookups_total{cache="viewers",result="hit"}'),
  ).toBeGreaterThan(before ?? 0);
  expect(
    await sample('lifeguard_mirror_lookups_total{part="profiles",state="fresh"}'),
  ).toBeGreaterThan(14);
  expect(await sample('lifeguard_loader_batch_size_sum{loader="accounts"}')).toBeGreaterThan(14);
  expect(
    await sample('lifeguard_statement_duration_seconds_count{work="request"}'),
  ).toBeGreaterThan(2);
  const calls = `pool="${api.poolId}",operation="AdminGetUser",category="UserRead"`;
  const count = (outcome: string) =>
    sample(`lifeguard_pool_call_duration_seconds_count{${calls},outcome="${outcome}"}`);
  expect(await count('ok')).toBeGreaterThan(0);
  expect(await count('InternalErrorException')).toBeGreaterThan(0);
});

test('tells of signing keys, walks, connections and size', async () => {
  expect(await sample(`lifeguard_jwks_keys{pool="${api.poolId}"}`)).toBeGreaterThan(0);
  expect(await sample(`lifeguard_jwks_age_seconds{pool="${api.poolId}"}`)).toBeLessThan(60);
  expect(await sample(`lifeguard_pool_walk_age_seconds{pool="${api.poolId}"}`)).toBeGreaterThan(0);
  expect(await sample('lifeguard_database_size_bytes')).toBeGreaterThan(1_000_000);
  const inUse = await sample('lifeguard_database_connections{state="in_use"}');
  const waiting = await sample('lifeguard_database_connections{state="waiting"}');
  expect([typeof inUse, waiting]).toEqual(onPostgres ? ['number', 0] : ['undefined', undefined]);
});

describe('What is written about metrics is true:', () => {
  test('the table in the documentation', async () => {
    const own = ({ name }: { name: string }) => name.startsWith('lifeguard_');
    const told = declared((await scraped()).body).filter(own);
    const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
    const table = (await documentedMetrics()).map(({ metric }) => metric);
    expect(table).toEqual(told.sort(byName));
  });

  test('the board and the alerts ask for what there is', async () => {
    const told = new Set(declared((await scraped()).body).flatMap(sampleNames));
    const asked = await selectors();
    expect(asked.length).toBeGreaterThan(40);
    // Prometheus itself says whether a server answers.
    expect(asked.filter(({ metric }) => !told.has(metric) && metric !== 'up')).toEqual([]);
  });

  test('and tell series apart by labels that they have', async () => {
    const metrics = await documentedMetrics();
    const wrong = (await selectors()).flatMap(({ metric: name, matchers, grouping }) => {
      const known = metrics.find(({ metric }) => sampleNames(metric).includes(name));
      const labels = [...grouping, ...matchers.map(({ label }) => label)];
      return labels.filter(
        (label) => known && ![...known.labels, 'instance', 'le'].includes(label),
      );
    });
    expect(wrong).toEqual([]);
  });

  test('and by values that these can have', async () => {
    const ada = await api.as('ada@example.com');
    await api.server.app.jobs.add([{ kind: 'command', key: 'of the past', delay: 3_600_000 }]);
    await api.server.app.orm.em
      .fork()
      .execute("update job set failure = 'Error' where kind in ('command', 'unheard-of')");
    for (let times = 0; times < 61; times++)
      await api.withToken('no.such.token').execute('{ me { id } }');
    api.localPool.faults.set({ operations: [{ match: '*', fault: 'error' }] });
    await ada.execute('{ groups { name } }');
    const series = seriesIn((await scraped()).body);
    const missed = (await selectors())
      .filter(({ metric }) => metric.startsWith('lifeguard_') && !OF_ONE_DATABASE.has(metric))
      .map((asked) => ({
        ...asked,
        matchers: asked.matchers.filter(({ label }) => label !== 'instance'),
      }))
      .filter((asked) => !series.some((one) => selects(asked, one)));
    expect(missed).toEqual([]);
  });

  test('each alert leads to what to do', async () => {
    const names = (await alerts()).map(({ alert }) => alert);
    expect(names.toSorted()).toEqual((await runbooks()).toSorted());
    for (const { alert, annotations } of await alerts())
      expect(annotations.runbook).toBe(`docs/observability.md#${alert.toLowerCase()}`);
  });
});

test('has a place for what other parts measure', async () => {
  expect(metricsOf(api.server.app).getSingleMetric('lifeguard_jobs')).toBeDefined();
});

test('refuses a page elsewhere that makes a browser ask', async () => {
  expect((await scraped({ host: 'rebound.example' })).statusCode).toBe(403);
  expect((await scraped({ host: '127.0.0.1', origin: 'https://evil.example' })).statusCode).toBe(
    403,
  );
});

test('is not there unless it is asked for', async () => {
  const { statusCode } = await api.server.http.inject({
    method: 'GET',
    url: '/metrics',
    headers: { host: '127.0.0.1' },
  });
  expect(statusCode).toBe(404);
});
