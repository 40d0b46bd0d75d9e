import { afterEach, expect, test } from '@jest/globals';
import { GRACE } from '../../src/grace.js';
import { on, Processes, until } from '../support/process.js';
import { startReceiver } from '../support/receiver.js';
import { startTcpProxy } from '../support/tcp-proxy.js';

/** Has a server say what it loads. */
const WATCHED = new URL('../support/watched-process.js', import.meta.url);
const watched = { NODE_OPTIONS: `--import=${WATCHED}` };

/** All but its interfaces, which the client library of Prometheus loads. */
const OPENTELEMETRY = /loads (?:@opentelemetry\/(?!api)|bundle\/open-telemetry)/;
const SENTRY = /loads (?:@sentry\/core|bundle\/sentry)/;

const processes = new Processes();
afterEach(() => processes.clear());

test('a server with METRICS_PORT says where its metrics are, another one that the port is taken, and it ends as any other', async () => {
  const environment = {
    ...(await on(await processes.prepared())),
    ...watched,
    METRICS_PORT: '0',
  };
  const server = await processes.start(environment);
  const url = await until(() => /Metrics at +(http\S+)/.exec(server.output())?.[1]);
  const answer = await fetch(url);
  expect(answer.status).toBe(200);
  expect(await answer.text()).toContain('lifeguard_pool_trouble');
  expect((await fetch(`${server.origin}/metrics`)).status).toBe(404);
  const METRICS_PORT = new URL(url).port;
  const other = await on(await processes.prepared());
  expect(await processes.startInVain({ ...other, METRICS_PORT })).toMatchObject({
    code: 1,
    stderr: `Port ${METRICS_PORT} of 127.0.0.1 is taken. Stop what listens there, or set METRICS_PORT to a free port.\n`,
  });
  expect((await server.end()).code).toBe(0);
  // Neither traces nor reports are switched on.
  expect(server.output()).not.toMatch(OPENTELEMETRY);
  expect(server.output()).not.toMatch(SENTRY);
});

test('a collector that takes connections and never answers holds nobody up, nor the end', async () => {
  const collector = await startTcpProxy({ host: '127.0.0.1', port: 0 });
  collector.swallow();
  const server = await processes.start({
    ...(await on(await processes.prepared())),
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${collector.port}`,
  });
  const { status, data } = await server.ask('{ server { version } }');
  expect([status, typeof data?.server.version]).toEqual([200, 'string']);
  const endsAt = performance.now();
  expect(await server.end()).toMatchObject({ code: 0, stderr: '' });
  expect(performance.now() - endsAt).toBeLessThan(GRACE);
  expect(server.output()).toContain('traces were not all sent');
  await collector.close();
});

test('what ends a server is reported before it ends, where reports are switched on', async () => {
  const sentry = await startReceiver();
  const server = await processes.start({
    ...(await on(await processes.prepared())),
    ...watched,
    SENTRY_DSN: `http://public@${sentry.host}/7`,
  });
  expect(server.output()).toMatch(SENTRY);
  expect(server.output()).not.toMatch(OPENTELEMETRY);
  expect((await server.end('SIGWINCH')).code).toBe(1);
  const [report] = sentry.received.map(({ text }) => JSON.parse(text.split('\n')[2] ?? ''));
  expect(report.exception.values).toMatchObject([
    { type: 'TypeError', value: 'nobody catches what [e-mail] did' },
  ]);
  await sentry.close();
});
