import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startClient } from './client.js';
import { leaveServerItsCore } from './cores.js';
import { type PeopledDatabase, peopledDatabase } from './database.js';
import type { Stage } from './lifeguard.js';
import { startPool } from './pool.js';

/** Runs something with a pool and a database that are gone afterwards. */
export async function onStage<T>(
  run: (stage: Stage, database: PeopledDatabase) => Promise<T>,
): Promise<T> {
  await leaveServerItsCore();
  const folder = await mkdtemp(join(tmpdir(), 'lifeguard-bench-'));
  const pool = await startPool();
  try {
    const database = await peopledDatabase(pool.id);
    const client = startClient();
    try {
      return await run({ pool, databaseUrl: database.url, folder, client }, database);
    } finally {
      client.close();
      await database.close();
    }
  } finally {
    await pool.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Access tokens of so many people. */
export function tokensOf({ pool }: Stage, count: number): string[] {
  return Array.from({ length: count }, (_, number) => pool.tokenOf(number));
}
