import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHistogram } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { freePort } from '../../test/support/free-port.js';
import { administer, databaseUrl, uniqueDatabaseName } from '../../test/support/postgres.js';
import { startPostgres } from '../../test/support/postgres-server.js';
import { Processes, type RunningServer } from '../../test/support/process.js';
import type { Subject } from '../subject.js';

export interface Flood {
  readonly name: string;
  /** Whether each comes from an address of its own, so that no limit by address helps. */
  readonly spread: boolean;
  /** Whether each names a key of its own, which the pool may have since a moment ago. */
  readonly unknownKeys: boolean;
}

export interface FloodOrder extends Flood {
  readonly port: number;
  /** Bad tokens. */
  readonly perSecond: number;
  readonly seconds: number;
  /** What the bad ones are made from. */
  readonly goodToken: string;
}

export interface FloodResult {
  readonly sent: number;
  /** Answers by status. */
  readonly statuses: Readonly<Record<string, number>>;
}

interface Measured {
  readonly flood: string;
  /** Of bad tokens, a second. */
  readonly rate: number;
  readonly refused: string;
  /** Milliseconds of the valid viewers' requests. */
  readonly median: number;
  readonly p99: number;
  readonly slowest: number;
  readonly requests: number;
}

const PER_SECOND = 2_000;
const SECONDS = 15;
/** Valid viewers, each of whom asks, waits for the answer, and asks again a moment later. */
const VIEWERS = ['ada', 'sam', 'uma'];
const MOMENT = 10;
/** Milliseconds that the p99 of valid viewers may take. */
const LONGEST = 250;

const FLOODS: readonly Flood[] = [
  { name: 'from one address', spread: false, unknownKeys: false },
  { name: 'each from another address', spread: true, unknownKeys: false },
  { name: 'each from another address, of a key nobody knows', spread: true, unknownKeys: true },
];

/** Fails where valid viewers wait for too long. */
export const flood: Subject = {
  title: 'What valid viewers feel of a flood of bad tokens',
  run: benchFlood,
};

async function benchFlood(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lifeguard-flood-'));
  const postgres = await startPostgres(folder);
  const processes = new Processes();
  try {
    const name = uniqueDatabaseName();
    await administer(postgres.url, `create database ${name}`);
    const environment = {
      DATABASE_URL: databaseUrl(postgres.url, name),
      LOCAL_POOL_PORT: String(await freePort()),
      // So that the flood can come from anywhere.
      TRUST_PROXY: '127.0.0.1',
      LIMIT_REQUESTS: '100000000',
      LOG_LEVEL: 'info',
    };
    const server = await processes.start(environment);
    const tokens: string[] = [];
    for (const person of VIEWERS) {
      const { stdout } = await processes.lifeguard(['token', `${person}@example.com`], environment);
      tokens.push(stdout.trim());
    }
    const results = [await measure(server, tokens, undefined)];
    for (const one of FLOODS) results.push(await measure(server, tokens, one));
    for (const { flood: name, p99 } of results.filter((one) => one.p99 > LONGEST)) {
      process.stderr.write(
        `Flood ${name}: a p99 of ${p99.toFixed(0)} ms, ${LONGEST} are allowed.\n`,
      );
      process.exitCode = 1;
    }
    return table(results);
  } finally {
    await processes.clear();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(
  server: RunningServer,
  tokens: readonly string[],
  flood: Flood | undefined,
): Promise<Measured> {
  const [goodToken = ''] = tokens;
  // What is compiled and remembered by now is not the flood's.
  for (const token of tokens) for (let time = 0; time < 200; time++) await ask(server, token);
  const order = {
    port: Number(new URL(server.origin).port),
    perSecond: PER_SECOND,
    seconds: SECONDS,
  };
  const flooding =
    flood === undefined
      ? Promise.resolve({ sent: 0, statuses: {} })
      : floodBy({ ...order, ...flood, goodToken });
  const histogram = createHistogram();
  const end = performance.now() + SECONDS * 1000;
  await Promise.all(
    tokens.map(async (token) => {
      while (performance.now() < end) {
        const began = performance.now();
        await ask(server, token);
        histogram.record(Math.max(1, Math.round((performance.now() - began) * 1000)));
        await sleep(MOMENT);
      }
    }),
  );
  const { sent, statuses } = await flooding;
  const at = (percentile: number) => histogram.percentile(percentile) / 1000;
  return {
    flood: flood?.name ?? 'none',
    rate: sent / SECONDS,
    refused: Object.entries(statuses)
      .map(([status, count]) => `${count} x ${status}`)
      .join(', '),
    median: at(50),
    p99: at(99),
    slowest: histogram.max / 1000,
    requests: histogram.count,
  };
}

/** In a thread of its own, so that it does not hold up who measures. */
async function floodBy(order: FloodOrder): Promise<FloodResult> {
  const worker = new Worker(new URL('./flooder.js', import.meta.url), { workerData: order });
  const [result]: FloodResult[] = await once(worker, 'message');
  await worker.terminate();
  if (result === undefined) throw new Error('The flood told nothing.');
  return result;
}

/** @throws Error where a valid viewer is not answered. */
async function ask(server: RunningServer, token: string): Promise<void> {
  const { status, text } = await server.ask('{ me { id profile { name } } }', token);
  if (status !== 200) throw new Error(`A valid viewer got ${status}: ${text}`);
}

function table(results: readonly Measured[]): string {
  const rows = results.map(({ flood, rate, refused, median, p99, slowest, requests }) =>
    [
      flood,
      rate.toFixed(0),
      refused,
      requests,
      ...[median, p99, slowest].map((ms) => ms.toFixed(1)),
    ].join(' | '),
  );
  return `| flood | bad tokens a second | answers | valid requests | median ms | p99 ms | slowest ms |
| --- | --- | --- | --- | --- | --- | --- |
${rows.map((row) => `| ${row} |`).join('\n')}
`;
}
