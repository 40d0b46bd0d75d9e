import { setTimeout as sleep } from 'node:timers/promises';
import { createServer, type Server } from '../app.js';
import { readConfig } from '../config.js';
import { sweeperOf } from '../directory/index.js';
import { createLog } from '../log/index.js';
import { StartError } from '../start-error.js';
import type { UserPool } from '../user-pool/index.js';
import { Progress, type ProgressOutput } from './progress.js';
import { SyncWatch } from './sync-watch.js';

export interface SyncOptions {
  /** One pool alone. */
  readonly pool?: string;
}

export interface SyncParts {
  readonly environment: NodeJS.ProcessEnv;
  readonly output: ProgressOutput;
  /** Ends the watching, and the walking where this process does it. */
  readonly signal: AbortSignal;
}

/** Milliseconds between looks at how far the walks are. */
const LOOK = 250;

/**
 * Asks for a walk through each pool, and shows how far it is until it is done: by a server of this database, or
 * by this process where none takes it.
 * @throws StartError where the database, or a pool, cannot be worked with.
 */
export async function syncPools({ pool }: SyncOptions, parts: SyncParts): Promise<void> {
  const config = readConfig(parts.environment);
  const log = createLog({ level: 'silent' });
  const server = await createServer({ config, log, works: 'on demand' });
  try {
    const pools = chosenPools(server, pool);
    const estimates = new Map<string, number>();
    for (const chosen of pools) estimates.set(chosen.id, await estimateOf(chosen));
    const watch = new SyncWatch(server.app, estimates);
    await watch.begin();
    await sweeperOf(server.app).hurry(estimates.keys());
    await follow(watch, server, parts);
  } finally {
    await server.close();
  }
}

function chosenPools({ app }: Server, id: string | undefined): readonly UserPool[] {
  if (id === undefined) return [...app.userPools.values()];
  const pool = app.userPools.get(id);
  if (pool !== undefined) return [pool];
  const known = [...app.userPools.keys()].join(', ');
  throw new StartError(`--pool names ${id}, which is not configured. Give one of: ${known}.`);
}

/** The first call tells whether the pool can be worked with at all. @throws StartError */
async function estimateOf(pool: UserPool): Promise<number> {
  try {
    return await pool.estimatedUsers();
  } catch (error) {
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    const told = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    throw new StartError(
      `The user pool ${pool.id} does not answer as it should (${told}). Check that it can be reached, and that the AWS credentials allow cognito-idp:DescribeUserPool, ListUsers, ListGroups, ListUsersInGroup and AdminGetUser.`,
      { cause: error },
    );
  }
}

async function follow(watch: SyncWatch, server: Server, { output, signal }: SyncParts) {
  const progress = new Progress(output);
  for (;;) {
    const { pools, isOrphaned } = await watch.look();
    progress.show(pools);
    if (pools.every(({ phase }) => phase === 'done')) return;
    if (signal.aborted) {
      output.write('Stopped. The walk goes on where it is, next time or by a server.\n');
      return;
    }
    if (isOrphaned) server.work({ repeats: false });
    await sleep(LOOK, undefined, { signal }).catch(() => undefined);
  }
}
