import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { type Database, openDatabase } from '../../src/database/open.js';
import { entities } from '../../src/features.js';
import { freePort } from '../../test/support/free-port.js';
import { administer, databaseUrl, uniqueDatabaseName } from '../../test/support/postgres.js';
import { startPostgres } from '../../test/support/postgres-server.js';
import { Processes } from '../../test/support/process.js';
import { memoryOf } from '../stage/process-costs.js';
import { type Subject, UsageError } from '../subject.js';
import { fill } from './fill.js';
import { measurePages, measureSearches, measureSizes, measureWrites } from './measure.js';
import { type DirectoryResult, reportDirectory } from './report.js';
import { Asker } from './server-under-load.js';

/** The list of users on directories that grow. */
export const directory: Subject = {
  title: 'The directory as it grows',
  usage: '[<users> ...]',
  run: async (args) => {
    const sizes = args.length > 0 ? args.map(Number) : [1_000, 100_000, 1_000_000];
    if (sizes.some((size) => !Number.isInteger(size) || size < 1_000))
      throw new UsageError('Give numbers of users, from 1000 on: directory 1000 100000');
    return reportDirectory(await benchDirectory(sizes.sort((a, b) => a - b)));
  },
};

/** On a PostgreSQL and a server of their own. */
async function benchDirectory(sizes: readonly number[]): Promise<DirectoryResult[]> {
  const folder = await mkdtemp(join(tmpdir(), 'lifeguard-bench-'));
  const postgres = await startPostgres(folder);
  try {
    const name = uniqueDatabaseName();
    await administer(postgres.url, `create database ${name}`);
    return await benchOn(databaseUrl(postgres.url, name), sizes);
  } finally {
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function benchOn(url: string, sizes: readonly number[]): Promise<DirectoryResult[]> {
  const processes = new Processes();
  let database: Database | undefined;
  try {
    const environment = await environmentOf(url);
    const server = await processes.start(environment);
    const { stdout } = await processes.lifeguard(['token', 'ada@example.com'], environment);
    const asker = new Asker(server, stdout.trim());
    database = await openDatabase({ location: { url }, entities });
    const { orm } = database;
    const poolId = await poolIdAt(server.poolEndpoint);
    const results: DirectoryResult[] = [];
    for (const users of sizes) {
      process.stderr.write(`${users} users ...\n`);
      const began = performance.now();
      await fill({ orm, poolId, from: results.at(-1)?.users ?? 0, to: users });
      const fillSeconds = (performance.now() - began) / 1000;
      const before = await memoryOf(server.pid);
      const pages = await measurePages(asker);
      const searches = await measureSearches(asker);
      const memory = { before, after: await memoryOf(server.pid) };
      const bytesPerUser = await measureSizes(orm, users);
      const writesPerSecond = await measureWrites(orm, users);
      results.push({ users, fillSeconds, pages, searches, writesPerSecond, bytesPerUser, memory });
    }
    return results;
  } finally {
    await database?.close();
    await processes.clear();
  }
}

/** The people whom the bench adds are not at the pool: nobody may look for them there. */
async function environmentOf(url: string) {
  return {
    DATABASE_URL: url,
    LOCAL_POOL_PORT: String(await freePort()),
    PROFILE_MAX_AGE: '86400',
    SYNC_INTERVAL: '0',
    LIMIT_REQUESTS: '100000000',
    LOG_LEVEL: 'warn',
  };
}

async function poolIdAt(endpoint: string): Promise<string> {
  const installation = await fetch(`${endpoint}/local-pool`);
  return z.object({ poolId: z.string() }).parse(await installation.json()).poolId;
}
