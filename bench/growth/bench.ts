import { writeFile } from 'node:fs/promises';
import { startContenders } from '../comparison/contenders.js';
import { takeTurns } from '../comparison/rounds.js';
import type { Stage } from '../stage/lifeguard.js';
import { bodyOf, type Operation, operations } from '../stage/operations.js';
import { installPeers } from '../stage/peers-installed.js';
import { fromRoot } from '../stage/root.js';
import { onStage, tokensOf } from '../stage/stage.js';
import { type Subject, UsageError } from '../subject.js';
import { type Point, plotsOf, reportGrowth } from './report.js';

const CLIENTS = [10, 100, 1_000];
const PEOPLE = [1_000, 100_000];
const MILLION = 1_000_000;
/** While the other one grows. */
const FIXED = { people: 100_000, clients: 100 };

/** What more clients and more users cost; Lifeguard beside its rival and what is written by hand. */
export const growth: Subject = {
  title: 'The cost of growth',
  usage: '[million]',
  run: async (args) => {
    if (args.some((arg) => arg !== 'million'))
      throw new UsageError('Nothing, or that there be a million users too: growth million');
    await installPeers();
    const sizes = args.length === 0 ? PEOPLE : [...PEOPLE, MILLION];
    const points = await onStage(async (stage, database) => {
      const found: Point[] = [];
      for (const people of sizes) {
        await database.growTo(people);
        found.push(...(await measuredAt(stage, people)));
      }
      return found;
    });
    for (const [file, svg] of plotsOf(points, FIXED))
      await writeFile(fromRoot(`bench/growth/${file}`), svg);
    return reportGrowth(points, FIXED);
  },
};

async function measuredAt(stage: Stage, people: number): Promise<Point[]> {
  const servers = await startContenders(stage, 'none', ['mercurius', 'hand-written']);
  try {
    const found: Point[] = [];
    const growing: readonly Operation[] = operations.slice(1);
    for (const clients of people === FIXED.people ? CLIENTS : [FIXED.clients]) {
      const tokens = tokensOf(stage, Math.min(clients, people));
      for (const operation of growing) {
        process.stderr.write(`${people} people, ${clients} clients: ${operation.name} ...\n`);
        const load = { body: bodyOf(operation), connections: clients, tokens };
        const measured = await takeTurns(
          { client: stage.client, servers, load },
          { rounds: 3, seconds: 1 },
        );
        found.push({ clients, people, operation: operation.name, measured });
      }
    }
    return found;
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
}
