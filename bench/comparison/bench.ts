import type { Load } from '../stage/client.js';
import type { Stage } from '../stage/lifeguard.js';
import type { Measurement } from '../stage/load.js';
import { bodyOf, operations } from '../stage/operations.js';
import { installPeers } from '../stage/peers-installed.js';
import { onStage, tokensOf } from '../stage/stage.js';
import type { Subject } from '../subject.js';
import { expectSameAnswers } from './answers.js';
import { type Memory, type Peer, peersOf, startContenders } from './contenders.js';
import { type Comparison, reportComparison } from './report.js';
import { type Turns, takeTurns } from './rounds.js';

const PEOPLE = 100_000;
const CONNECTIONS = 50;
/** An odd number has a median. */
const ROUNDS = 5;
const SECONDS = 1;

/** Lifeguard and its peers, side by side. */
export const comparison: Subject = {
  title: 'Peers',
  usage: '[<rounds>] [<peer> ...]',
  run: async (args) => {
    const rounds = Number(args.find((arg) => /^\d+$/.test(arg)) ?? ROUNDS);
    const peers = peersOf(args.filter((arg) => !/^\d+$/.test(arg)));
    await installPeers();
    return onStage(async (stage, database) => {
      await database.growTo(PEOPLE);
      const turns = { rounds, seconds: SECONDS };
      const load = { connections: CONNECTIONS, tokens: tokensOf(stage, CONNECTIONS) };
      const compare = (memory: Memory) => compareOn(stage, { memory, peers, turns, load });
      const none = await compare('none');
      const remembering = await compare('tokens and viewers');
      const conditions = { ...turns, people: PEOPLE, connections: CONNECTIONS };
      return reportComparison({ none, remembering }, conditions);
    });
  },
};

interface Setting {
  readonly memory: Memory;
  readonly peers: readonly Peer[];
  readonly turns: Turns;
  readonly load: Omit<Load, 'body'>;
}

async function compareOn(
  stage: Stage,
  { memory, peers, turns, load }: Setting,
): Promise<Comparison> {
  const servers = await startContenders(stage, memory, peers);
  try {
    await expectSameAnswers(servers, load.tokens.slice(0, 3));
    const results = new Map<string, ReadonlyMap<string, Measurement>>();
    for (const operation of operations) {
      process.stderr.write(`peers that remember ${memory}: ${operation.name} ...\n`);
      const asked = { ...load, body: bodyOf(operation) };
      const contest = { client: stage.client, servers, load: asked };
      const measured = await takeTurns(contest, turns);
      results.set(operation.name, measured);
      for (const [name, { cpu }] of measured)
        process.stderr.write(`  ${name}: ${cpu.toFixed(0)} µs of CPU\n`);
    }
    return results;
  } finally {
    await Promise.all(servers.map((server) => server.stop()));
  }
}
