import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseLocation, Snapshot } from '../../src/database/orm-options.js';
import { administer, databaseUrl, uniqueDatabaseName } from './postgres.js';

declare global {
  /** Which database a test file runs on; set by jest's configuration. */
  var TEST_DATABASE: 'pglite' | 'postgresql' | undefined;
}

export interface TestDatabase {
  readonly location: DatabaseLocation;
  /** To be called when nothing is connected any more. */
  drop(): Promise<void>;
}

export const onPostgres = globalThis.TEST_DATABASE === 'postgresql';

/** A migrated and seeded database of the kind under test, for one test file alone; embedded in memory. */
export async function testDatabase(): Promise<TestDatabase> {
  return onPostgres
    ? postgresDatabase(`template ${given('TEST_TEMPLATE')}`)
    : inMemory(given('TEST_SEEDED'));
}

/** The same for processes of their own, and for what is opened again: embedded in a folder. */
export async function testDatabaseOnDisk(): Promise<TestDatabase> {
  if (onPostgres) return testDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'lifeguard-database-'));
  await cp(given('TEST_FOLDER'), join(folder, 'database'), { recursive: true });
  return {
    location: { folder: join(folder, 'database') },
    drop: () => rm(folder, { recursive: true, force: true }),
  };
}

/** An empty database: on PostgreSQL by URL, embedded in memory. */
export async function emptyDatabase(): Promise<TestDatabase> {
  if (onPostgres) return postgresDatabase('');
  return inMemory(given('TEST_EMPTY'));
}

async function inMemory(dump: string): Promise<TestDatabase> {
  return {
    location: { folder: 'memory://', snapshot: await snapshotIn(dump) },
    drop: async () => {},
  };
}

/** Read at once: a blob of a file is read in pieces, which takes longer than PGlite does. */
export async function snapshotIn(file: string): Promise<Snapshot> {
  const content = await readFile(file);
  return { type: '', arrayBuffer: async () => content.buffer };
}

async function postgresDatabase(options: string): Promise<TestDatabase> {
  const url = given('TEST_DATABASE_URL');
  const name = uniqueDatabaseName();
  await administer(url, `create database ${name} ${options}`);
  return {
    location: { url: databaseUrl(url, name) },
    drop: () => administer(url, `drop database if exists ${name} with (force)`),
  };
}

function given(variable: string): string {
  const value = process.env[variable];
  if (value === undefined) throw new Error(`${variable} is not set: run the tests by npm test.`);
  return value;
}
