import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../src/database/open.js';
import { entities } from '../../src/features.js';
import { administer, databaseUrl, uniqueDatabaseName } from '../../test/support/postgres.js';
import { startPostgres } from '../../test/support/postgres-server.js';
import { addPeople } from './rows.js';

/** A PostgreSQL database with people, which is gone after `close`. */
export interface PeopledDatabase {
  readonly url: string;
  /** Adds people until there are so many. */
  growTo(people: number): Promise<void>;
  close(): Promise<void>;
}

/** In the PostgreSQL of `TEST_DATABASE_URL`, or one of its own. */
export async function peopledDatabase(poolId: string): Promise<PeopledDatabase> {
  const postgres = await aPostgres();
  const name = uniqueDatabaseName();
  await administer(postgres.url, `create database ${name}`);
  const url = databaseUrl(postgres.url, name);
  const { orm, close } = await openDatabase({ location: { url }, entities });
  // So that no server waits for the pool to be walked through.
  await orm.em.fork().execute(
    `insert into pool_sweep (id, created_at, updated_at, pool_id, completed_at)
     values (gen_random_uuid(), now(), now(), ?, now())`,
    [poolId],
  );
  let people = 0;
  return {
    url,
    growTo: async (count) => {
      process.stderr.write(`${count.toLocaleString('en')} people ...\n`);
      if (count > people) await addPeople(orm.em.fork(), { poolId, from: people, to: count });
      people = Math.max(people, count);
    },
    close: async () => {
      await close();
      await administer(postgres.url, `drop database ${name} with (force)`);
      await postgres.stop();
    },
  };
}

async function aPostgres() {
  const given = process.env.TEST_DATABASE_URL;
  if (given) return { url: given, stop: async () => {} };
  const folder = await mkdtemp(join(tmpdir(), 'lifeguard-bench-'));
  const { url, stop } = await startPostgres(folder);
  return {
    url,
    stop: async () => {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
