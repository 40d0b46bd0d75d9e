import { once } from 'node:events';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { on, Processes, type RunningServer, until } from '../support/process.js';
import { poolClient } from './pool-client.js';

const processes = new Processes();
afterEach(() => processes.clear());

const ME = '{ me { id } }';
const SIGN_OUT = 'mutation { signOutEverywhere { user { id } } }';

interface Line {
  readonly msg: string;
  readonly worker: number;
  readonly pid: number;
}

async function startTwo(): Promise<RunningServer> {
  return processes.start({
    ...(await on(await processes.prepared())),
    LOG_LEVEL: 'info',
    METRICS_PORT: '0',
    // Nobody listens there.
    REDIS_URL: 'redis://127.0.0.1:1',
    WEB_CONCURRENCY: '2',
  });
}

function logged({ output }: RunningServer, msg: string): Line[] {
  const lines = output().split('\n').slice(0, -1);
  return lines.filter((line) => line.includes(`"msg":"${msg}"`)).map((line) => JSON.parse(line));
}

/** Asks on a connection of its own; answers with the status. */
function ask({ origin }: RunningServer, token: string) {
  const { promise, resolve, reject } = Promise.withResolvers<number | undefined>();
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const sent = request(`${origin}/graphql`, { method: 'POST', agent: false, headers });
  sent.once('error', reject);
  sent.once('response', (response) => {
    response.resume().once('end', () => resolve(response.statusCode));
  });
  sent.end(JSON.stringify({ query: ME }));
  return promise;
}

function statuses(server: RunningServer, token: string, times: number) {
  return Promise.all(Array.from({ length: times }, () => ask(server, token)));
}

/** Seconds since 1970. */
function beginOf(metrics: string): number {
  return Number(/^process_start_time_seconds (\d+)$/m.exec(metrics)?.[1]);
}

function byWorkers(): void {
  test('two processes answer at one port, one that is killed is replaced, and a signal ends all', async () => {
    const server = await startTwo();
    const pool = await poolClient(server.poolEndpoint);
    const uma = await pool.signIn('uma@example.com');
    const sam = await pool.signIn('sam@example.com');
    expect(new Set(await statuses(server, uma, 20))).toEqual(new Set([200]));
    const answering = await until(() => {
      const workers = new Set(logged(server, 'request').map(({ worker }) => worker));
      return workers.size === 2 ? workers : undefined;
    });
    expect(answering).toEqual(new Set([1, 2]));

    // What one of them has measured is told by all together.
    const url = /Metrics at +(http\S+)/.exec(server.output())?.[1] ?? '';
    const metrics = await (await fetch(url)).text();
    expect(metrics).toMatch(/^lifeguard_operations_total\{.*code="OK".*\} 20$/m);
    expect(metrics).toMatch(/^lifeguard_info\{.*\} 1$/m);
    // Yes or no, for an alert that asks for 1.
    expect(metrics).toMatch(/^lifeguard_rate_limits_cut_off 1$/m);
    const begun = beginOf(metrics);
    expect(Math.abs(Date.now() / 1000 - begun)).toBeLessThan(60);

    // What one of them has ended, all refuse.
    expect((await server.ask(SIGN_OUT, uma)).errors).toBeUndefined();
    expect(new Set(await statuses(server, uma, 10))).toEqual(new Set([401]));

    const [first, second] = logged(server, 'a worker begins');
    process.kill(second?.pid ?? 0, 'SIGSTOP');
    const incomplete = await fetch(url);
    process.kill(second?.pid ?? 0, 'SIGCONT');
    expect([incomplete.status, await incomplete.text()]).toEqual([503, 'Not to be had now.\n']);

    process.kill(first?.pid ?? 0, 'SIGKILL');
    await server.says('a worker ended and is started again');
    expect(new Set(await statuses(server, sam, 4))).toEqual(new Set([200]));
    await until(async () => {
      await ask(server, sam);
      return logged(server, 'request').some(({ worker }) => worker === 3) || undefined;
    });
    // A worker that was started again shows, as a server does.
    expect(beginOf(await (await fetch(url)).text())).toBeGreaterThan(begun);

    expect(await server.end()).toMatchObject({ code: 0, stderr: '' });
    pool.close();
    for (const { pid } of logged(server, 'a worker begins')) expect(isAlive(pid)).toBe(false);
  });

  test('workers that die again and again end the server, which says so', async () => {
    const server = await startTwo();
    const killed = new Set<number>();
    await until(() => {
      for (const { pid } of logged(server, 'a worker begins').slice(1)) {
        if (killed.has(pid)) continue;
        killed.add(pid);
        process.kill(pid, 'SIGKILL');
      }
      return server.output().includes('Workers ended 6 times in a row') || undefined;
    });
    expect((await server.end('SIGCONT')).code).toBe(1);
    expect(killed.size).toBe(6);
  });

  test.each([
    ['PORT', /^Port \d+ of 127.0.0.1 is taken. .*\n$/],
    [
      'LOCAL_POOL_PORT',
      /^Something else answers at http:.*\nThe worker 1 did not start: see above.\n$/,
    ],
  ])(
    'a start in vain, by a %s that is taken, is told once and not tried again',
    async (variable, told) => {
      const taken = createServer((socket) => socket.end('Not here.\n')).listen(0, '127.0.0.1');
      await once(taken, 'listening');
      const { code, stderr } = await processes.startInVain({
        ...(await on(await processes.prepared())),
        [variable]: String(Object(taken.address()).port),
        WEB_CONCURRENCY: '2',
      });
      taken.close();
      expect(code).toBe(1);
      expect(stderr).toMatch(told);
    },
  );
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

describe('a server of several processes', byWorkers);
