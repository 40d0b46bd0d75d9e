import { table } from '../markdown.js';
import { CORES } from '../stage/cores.js';
import { type Stage, startLifeguard } from '../stage/lifeguard.js';
import { bodyOf, type Operation, operations } from '../stage/operations.js';
import { onStage, tokensOf } from '../stage/stage.js';
import type { Subject } from '../subject.js';

const PEOPLE = 10_000;
const CONNECTIONS = 50;
const WORKERS = [1, 2];
/** Requests in a row that are measured, and how often; the best row is the least disturbed. */
const REQUESTS = 4_000;
const ROWS = 5;
/** Requests before, for the code of each worker to be compiled. */
const BEFORE = 20_000;

/** What a second process behind the same port brings, where all processes of the bench share the cores. */
export const workers: Subject = {
  title: 'More workers behind one port',
  run: async () =>
    onStage(async (stage, database) => {
      await database.growTo(PEOPLE);
      const rows: (readonly string[])[] = [];
      for (const operation of operations) {
        const rates: number[] = [];
        for (const count of WORKERS) rates.push(await rateOf(stage, operation, count));
        const [alone = 0, both = 0] = rates;
        rows.push([
          `\`${operation.name}\``,
          ...rates.map((rate) => Math.round(rate).toLocaleString('en')),
          `${(both / alone).toFixed(2)}x`,
        ]);
      }
      return `Answers a second to ${CONNECTIONS} connections, the best of ${ROWS} rows of ${REQUESTS.toLocaleString('en')}. The workers may use all ${CORES} cores of the machine, and
so do their client and PostgreSQL: with two cores there is none to spare for a second worker, and what it brings is what the first one,
its client and PostgreSQL leave of them.

${table(['operation', ...WORKERS.map((count) => `WEB_CONCURRENCY=${count}`), 'ratio'], rows)}
`;
    }),
};

async function rateOf(stage: Stage, operation: Operation, count: number): Promise<number> {
  process.stderr.write(`${count} workers: ${operation.name} ...\n`);
  const server = await startLifeguard(stage, { workers: count });
  try {
    const load = {
      body: bodyOf(operation),
      connections: CONNECTIONS,
      tokens: tokensOf(stage, CONNECTIONS),
      url: server.url,
    };
    await stage.client.ask({ ...load, requests: BEFORE });
    const rates: number[] = [];
    for (let row = 0; row < ROWS; row++) {
      const { answers, faults, seconds } = await stage.client.ask({ ...load, requests: REQUESTS });
      if (faults > 0) throw new Error(`${faults} of ${answers} answers were none.`);
      rates.push(answers / seconds);
    }
    return Math.max(...rates);
  } finally {
    await server.stop();
  }
}
