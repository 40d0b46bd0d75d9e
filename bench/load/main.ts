import { readFileSync } from 'node:fs';
import { createHistogram } from 'node:perf_hooks';
import autocannon from 'autocannon';

/** What `bench/stage/load.ts` asks for, as JSON on standard input. */
interface Asked {
  readonly url: string;
  readonly body: string;
  readonly connections: number;
  /** How long, or how many requests. */
  readonly seconds?: number;
  readonly requests?: number;
  /** Each connection is one person's. */
  readonly tokens: readonly string[];
}

const { url, body, connections, seconds, requests, tokens }: Asked = JSON.parse(
  readFileSync(0, 'utf8'),
);

/** Microseconds. */
const latencies = createHistogram();
let answers = 0;
let others = 0;
let nextToken = 0;

const result = await autocannon({
  url,
  connections,
  ...(requests === undefined ? { duration: seconds ?? 1 } : { amount: requests }),
  verifyBody: (answer) => !String(answer).includes('"errors"'),
  method: 'POST',
  body,
  headers: { 'content-type': 'application/json' },
  setupClient: (client) => {
    const token = tokens[nextToken++ % tokens.length];
    client.setHeaders({ 'content-type': 'application/json', authorization: `Bearer ${token}` });
    client.on('response', (status, _bytes, milliseconds) => {
      if (status !== 200) others++;
      answers++;
      latencies.record(Math.max(1, Math.round(milliseconds * 1000)));
    });
  },
});

const at = (percentile: number) => latencies.percentile(percentile) / 1000;
process.stdout.write(
  JSON.stringify({
    answers,
    faults: others + result.errors + result.timeouts + result.mismatches,
    seconds: result.duration,
    p50: at(50),
    p99: at(99),
  }),
);
