import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Stage, startLifeguard } from '../stage/lifeguard.js';
import { measureLoad } from '../stage/load.js';
import { bodyOf, operations } from '../stage/operations.js';
import { installPeers } from '../stage/peers-installed.js';
import { onStage, tokensOf } from '../stage/stage.js';
import { requestsFor, warmUp } from '../stage/warm-up.js';
import type { Subject } from '../subject.js';
import { type OperationProfile, reportProfile } from './report.js';
import { now, type Stretch, sampledIn } from './samples.js';

const PEOPLE = 100_000;
const CONNECTIONS = 50;
/** Package by package, as the bundle no longer tells them apart. */
const UNBUNDLED = 'dist/src/serve.js';
/** Seconds of CPU that are looked at. */
const LOOK = 3;

export const profile: Subject = {
  title: 'Where the time goes',
  run: async () => {
    await installPeers();
    return onStage(async (stage, database) => {
      await database.growTo(PEOPLE);
      return reportProfile(await profiles(stage));
    });
  },
};

/** One process after another, so that each has one operation alone to compile for. */
async function profiles(stage: Stage): Promise<OperationProfile[]> {
  const found: OperationProfile[] = [];
  for (const operation of operations) {
    process.stderr.write(`profile: ${operation.name} ...\n`);
    const folder = join(stage.folder, `profile-${found.length}`);
    const load = {
      body: bodyOf(operation),
      connections: CONNECTIONS,
      tokens: tokensOf(stage, CONNECTIONS),
    };
    const profiling = ['--cpu-prof', '--cpu-prof-interval=500', `--cpu-prof-dir=${folder}`];
    const server = await startLifeguard(stage, { nodeOptions: profiling, program: UNBUNDLED });
    try {
      const asking = { client: stage.client, server, load };
      const requests = requestsFor(LOOK, await warmUp(asking), load);
      const from = now();
      const measured = await measureLoad(asking, requests);
      const stretch: Stretch = { from, to: now() };
      await server.stop();
      const [file = ''] = await readdir(folder);
      const sampled = await sampledIn(join(folder, file), stretch);
      found.push({ operation: operation.name, sampled, measured });
    } finally {
      await server.stop();
    }
  }
  return found;
}
