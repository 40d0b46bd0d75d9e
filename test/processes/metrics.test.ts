import { afterEach, expect, test } from '@jest/globals';
import { on, Processes, until } from '../support/process.js';

const processes = new Processes();
afterEach(() => processes.clear());

test('a server with METRICS_PORT says where its metrics are, and ends as any other', async () => {
  const environment = { ...(await on(await processes.prepared())), METRICS_PORT: '0' };
  const server = await processes.start(environment);
  const url = await until(() => /Metrics at +(http\S+)/.exec(server.output())?.[1]);
  const answer = await fetch(url);
  expect(answer.status).toBe(200);
  expect(await answer.text()).toContain('lifeguard_pool_trouble');
  expect((await fetch(`${server.origin}/metrics`)).status).toBe(404);
  expect((await server.end()).code).toBe(0);
});

test('a port of metrics that is taken is named', async () => {
  const first = await processes.start({
    ...(await on(await processes.prepared())),
    METRICS_PORT: '0',
  });
  const url = await until(() => /Metrics at +(http\S+)/.exec(first.output())?.[1]);
  const METRICS_PORT = new URL(url).port;
  const { code, stderr } = await processes.startInVain({
    ...(await on(await processes.prepared())),
    METRICS_PORT,
  });
  expect(code).toBe(1);
  expect(stderr).toBe(
    `Port ${METRICS_PORT} of 127.0.0.1 is taken. Stop what listens there, or set METRICS_PORT to a free port.\n`,
  );
});
