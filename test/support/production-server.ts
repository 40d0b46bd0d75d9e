import type { AddressInfo } from 'node:net';
import { createServer, type Server } from '../../src/app.js';
import { readConfig } from '../../src/config.js';
import { createLog } from '../../src/log/index.js';
import { type TestDatabase, testDatabase } from './database.js';

export interface ProductionServer {
  readonly server: Server;
  /** Of 127.0.0.1, where it listens. */
  readonly port: number;
  close(): Promise<void>;
}

/**
 * A whole server under production limits, whose pools the environment names. It does no jobs, so that it asks no pool by
 * itself. A database that is given is not dropped with it.
 */
export async function productionServer(
  environment: Readonly<Record<string, string>>,
  given?: TestDatabase,
): Promise<ProductionServer> {
  const database = given ?? (await testDatabase());
  const server = await createServer({
    config: readConfig({ PORT: '0', ...environment }),
    log: createLog({ level: process.env.TEST_LOG_LEVEL ?? 'silent' }),
    database: { location: database.location },
    works: 'on demand',
  });
  await server.http.listen({ host: '127.0.0.1', port: 0 });
  // It listens on TCP, so the address is no path.
  const { port } = server.http.server.address() as AddressInfo;
  return {
    server,
    port,
    async close() {
      await server.close();
      if (given === undefined) await database.drop();
    },
  };
}
