import { setTimeout as sleep } from 'node:timers/promises';
import { isGood, type Load, startLoad } from '../processes/client-load.js';
import { faultyDatabase } from '../processes/faulty-database.js';
import { poolClient } from '../processes/pool-client.js';
import { freePort } from '../support/free-port.js';
import { type Processes, type RunningServer, until } from '../support/process.js';
import { startRedisProxy, testRedis } from '../support/redis.js';
import { faultsOf } from './faults.js';
import { type Sample, sample } from './measure.js';
import { RECOVERY, type Struck, type Verdict, verdict } from './verdict.js';

/** Milliseconds without a fault, in which the server gets warm, and at the end. */
const WARM_UP = 20_000;

export interface SoakOptions {
  /** For the embedded database of the pool. */
  readonly folder: string;
  readonly minutes: number;
  /** Milliseconds from the begin of a fault to the next. */
  readonly every: number;
}

/** Constant load and a fault a minute. */
export async function soak(processes: Processes, options: SoakOptions): Promise<Verdict> {
  const pool = await processes.start({
    DATA_DIR: options.folder,
    LOCAL_POOL_PORT: String(await freePort()),
    SYNC_INTERVAL: '0',
  });
  const client = await poolClient(pool.poolEndpoint);
  const token = await client.signIn('ada@example.com');
  const database = await faultyDatabase();
  const url = await testRedis();
  const redis = url === undefined ? undefined : await startRedisProxy(url);
  const server = await processes.start({
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    COGNITO_USER_POOL_ID: client.poolId,
    COGNITO_CLIENT_IDS: client.clientId,
    COGNITO_ENDPOINT: pool.poolEndpoint,
    DATABASE_URL: database.url,
    METRICS_PORT: '0',
    LIMIT_REQUESTS: '10000000',
    PROFILE_MAX_AGE: '30',
    LOG_LEVEL: 'fatal',
    ...(redis && { REDIS_URL: redis.url }),
  });
  client.close();
  try {
    const loads = clientsOf(server, token);
    await loads[0]?.until(isGood, 20);
    const metrics = await until(() => /Metrics at +(http\S+)/.exec(server.output())?.[1]);
    const watch = watching(metrics);
    const struck = await strikeFor(
      options,
      faultsOf({ database, poolEndpoint: pool.poolEndpoint, redis: redis?.proxy }),
    );
    const samples = await watch.stop();
    for (const load of loads) await load.stop();
    return verdict(
      loads.flatMap(({ outcomes }) => outcomes),
      struck,
      samples,
    );
  } finally {
    await processes.clear();
    await database.close();
    await redis?.proxy.close();
  }
}

function clientsOf(server: RunningServer, token: string): Load[] {
  const people = '{ users(first: 20) { nodes { id profile { name stale } account { email } } } }';
  return [
    startLoad(server, {
      query: '{ me { id } users(first: 2) { nodes { id } } }',
      token,
      clients: 6,
    }),
    startLoad(server, { query: people, token, clients: 2, pause: 100 }),
    // Writes, and asks the pool.
    startLoad(server, {
      query: 'mutation { refreshMyProfile { user { id } } }',
      token,
      clients: 1,
      pause: 1_000,
    }),
  ];
}

function watching(metrics: string) {
  const samples: Sample[] = [];
  const stopping = new AbortController();
  const { signal } = stopping;
  const watch = (async () => {
    while (!signal.aborted) {
      samples.push(await sample(metrics));
      await sleep(500, undefined, { signal }).catch(() => undefined);
    }
  })();
  return {
    stop: async () => {
      stopping.abort();
      await watch;
      return samples;
    },
  };
}

async function strikeFor(
  { minutes, every }: SoakOptions,
  faults: ReturnType<typeof faultsOf>,
): Promise<Struck[]> {
  const struck: Struck[] = [];
  const end = performance.now() + minutes * 60_000;
  await sleep(WARM_UP);
  for (let index = 0; performance.now() + every <= end; index++) {
    const fault = faults[index % faults.length];
    if (fault === undefined) break;
    process.stdout.write(`${new Date().toISOString()}  ${fault.name}\n`);
    const from = performance.now();
    await fault.strike();
    struck.push({ name: fault.name, from, to: performance.now() });
    await sleep(Math.max(RECOVERY, from + every - performance.now()));
  }
  await sleep(Math.max(0, end - performance.now()));
  return struck;
}
