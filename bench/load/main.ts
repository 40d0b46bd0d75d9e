import { createHistogram } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import autocannon from 'autocannon';

/** What `bench/stage/client.ts` asks for, one line of JSON on standard input after the other. */
interface Asked {
  readonly url: string;
  readonly body: string;
  readonly connections: number;
  readonly requests: number;
  /** Each connection is one person's. */
  readonly tokens: readonly string[];
}

for await (const line of createInterface(process.stdin))
  process.stdout.write(`${JSON.stringify(await measured(JSON.parse(line)))}\n`);

async function measured({ url, body, connections, requests, tokens }: Asked) {
  /** Microseconds. */
  const latencies = createHistogram();
  let answers = 0;
  let others = 0;
  let nextToken = 0;
  const began = performance.now();
  let lastAt = began;
  const { errors, timeouts, mismatches } = await autocannon({
    url,
    connections,
    amount: requests,
    method: 'POST',
    body,
    // On a busy machine a client may wait for long.
    timeout: 600,
    verifyBody: (answer) => !String(answer).includes('"errors"'),
    setupClient: (client) => {
      const token = tokens[nextToken++ % tokens.length];
      client.setHeaders({ 'content-type': 'application/json', authorization: `Bearer ${token}` });
      client.on('response', (status, _bytes, milliseconds) => {
        if (status !== 200) others++;
        answers++;
        lastAt = performance.now();
        latencies.record(Math.max(1, Math.round(milliseconds * 1000)));
      });
    },
  });
  const at = (percentile: number) => latencies.percentile(percentile) / 1000;
  const faults = others + errors + timeouts + mismatches;
  return { answers, faults, seconds: (lastAt - began) / 1000, p50: at(50), p99: at(99) };
}
