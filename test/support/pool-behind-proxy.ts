import { createServer, type Server } from '../../src/app.js';
import { readConfig } from '../../src/config.js';
import { createLog } from '../../src/log/index.js';
import { startApi, type TestApi } from './api.js';
import { type TestDatabase, testDatabase } from './database.js';
import { type PoolProxy, startPoolProxy } from './pool-proxy.js';

/** Servers whose pool is another server's local pool, seen through a proxy that counts and changes answers. */
export interface PoolBehindProxy {
  /** Runs the local pool. */
  readonly host: TestApi;
  readonly proxy: PoolProxy;
  readonly database: TestDatabase;
  /** What a process of such a server is started with. */
  readonly environment: Readonly<Record<string, string>>;
  /** Another server of the one database. */
  start(options?: StartOptions): Promise<Server>;
  close(): Promise<void>;
}

export interface StartOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** Takes what is logged. */
  readonly onLog?: (line: string) => void;
  readonly onStatement?: (sql: string) => void;
}

export async function poolBehindProxy(): Promise<PoolBehindProxy> {
  const credentials = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
  Object.assign(process.env, credentials);
  const host = await startApi({ swept: false, environment: { SYNC_INTERVAL: '0' } });
  const proxy = await startPoolProxy(host.localPool.endpoint);
  const database = await testDatabase();
  const servers: Server[] = [];
  const environment = {
    ...credentials,
    COGNITO_USER_POOL_ID: host.poolId,
    COGNITO_CLIENT_IDS: host.clientId,
    COGNITO_ENDPOINT: proxy.endpoint,
  };
  return {
    host,
    proxy,
    database,
    environment,
    async start({ environment: more = {}, onLog, onStatement } = {}) {
      const server = await createServer({
        config: readConfig({ ...environment, ...more }),
        log: createLog(
          onLog === undefined
            ? { level: 'silent' }
            : { level: 'info', destination: { write: onLog } },
        ),
        database: {
          location: database.location,
          onStatement: ({ sql }) => onStatement?.(sql),
        },
      });
      servers.push(server);
      return server;
    },
    async close() {
      for (const server of servers) await server.close();
      await proxy.close();
      await database.drop();
      await host.close();
    },
  };
}
