import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

/** A connection past everything that is tested; whoever asks for it ends it. */
export async function connected(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  // Whoever waits for an answer hears of it; else nobody has to.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** The rows of a statement, by a connection of its own. */
export async function rowsOf<Row extends object>(url: string, statement: string): Promise<Row[]> {
  const client = await connected(url);
  try {
    return (await client.query<Row>(statement)).rows;
  } finally {
    await client.end();
  }
}

/** Runs what belongs to no database of the tests, such as CREATE DATABASE. */
export async function administer(url: string, statement: string): Promise<void> {
  await rowsOf(url, statement);
}

/** The same server, another database. */
export function databaseUrl(url: string, database: string): string {
  const other = new URL(url);
  other.pathname = `/${database}`;
  return other.href;
}

export function uniqueDatabaseName(): string {
  return `lifeguard_${randomBytes(6).toString('hex')}`;
}
