import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { viewerChangesOf } from '../../src/directory/index.js';
import { metricsOf } from '../../src/request/metrics.js';
import { startApi, type TestApi } from '../support/api.js';

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
