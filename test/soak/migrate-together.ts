import { administer, databaseUrl, uniqueDatabaseName } from '../support/postgres.js';
import { startPostgres } from '../support/postgres-server.js';
import type { Processes } from '../support/process.js';

/** @throws Error where one of two that migrate an empty database at once fails */
export async function migrateTogether(
  processes: Processes,
  folder: string,
  times: number,
): Promise<void> {
  const postgres = await startPostgres(folder);
  try {
    for (let round = 0; round < times; round++) {
      const name = uniqueDatabaseName();
      await administer(postgres.url, `create database ${name}`);
      const environment = { DATABASE_URL: databaseUrl(postgres.url, name) };
      const both = await Promise.all(
        [1, 2].map(() => processes.lifeguard(['migrate'], environment)),
      );
      for (const { code, stderr } of both)
        if (code !== 0) throw new Error(`A migration failed: ${stderr}`);
    }
  } finally {
    await postgres.stop();
  }
}
