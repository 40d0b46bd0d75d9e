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

export interface FloodOrder {
  readonly port: number;
  /** Bad tokens. */
  readonly perSecond: number;
  readonly seconds: number;
  /** What the bad ones are made from. */
  readonly goodToken: string;
  /** Whether each comes from an address of its own, so that no limit by address helps. */
  readonly spread: boolean;
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

/** A flood from one address, and from a million. */
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
    const results = [
      await measure(server, tokens, 'none', undefined),
      await measure(server, tokens, 'from one address', false),
      await measure(server, tokens, 'each from another address', true),
    ];
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
  flood: string,
  spread: boolean | undefined,
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
    spread === undefined
      ? Promise.resolve({ sent: 0, statuses: {} })
      : floodBy({ ...order, goodToken, spread });
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
    flood,
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
