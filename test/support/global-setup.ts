import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrateAndSeed, opened } from './migrated-and-seeded.js';
import { administer, databaseUrl, uniqueDatabaseName } from './postgres.js';
import { startPostgres } from './postgres-server.js';

declare global {
  /** What the teardown has to stop. */
  var stopPostgres: (() => Promise<void>) | undefined;
}

/**
 * Starts a PostgreSQL, unless `TEST_DATABASE_URL` names one, and prepares a migrated and seeded database, of which
 * test files get copies.
 */
export default async function setUp(): Promise<void> {
  const url = process.env.TEST_DATABASE_URL ?? (await ownPostgres());
  const template = uniqueDatabaseName();
  await administer(url, `create database ${template}`);
  const location = { url: databaseUrl(url, template) };
  const orm = await opened(location);
  await migrateAndSeed(orm, location);
  await orm.close(true);
  process.env.TEST_DATABASE_URL = url;
  process.env.TEST_TEMPLATE = template;
}

async function ownPostgres(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lifeguard-test-'));
  process.env.TEST_POSTGRES = folder;
  const { url, stop } = await startPostgres(folder);
  globalThis.stopPostgres = stop;
  return url;
}
