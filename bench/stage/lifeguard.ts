import type { Client } from './client.js';
import type { Pool } from './pool.js';
import { fromRoot } from './root.js';
import { type Server, startServer } from './server.js';

export interface Stage {
  readonly pool: Pool;
  readonly databaseUrl: string;
  readonly client: Client;
  /** Where servers write what they say. */
  readonly folder: string;
}

/** Loads the bundle. */
const PROGRAM = 'dist/src/main.js';

/**
 * As people run it: its log in a file, metrics, revocation, live roles and limits on, production limits too.
 * @param program another one that serves, from the project's root
 */
export async function startLifeguard(
  { pool, databaseUrl, folder }: Stage,
  nodeOptions: readonly string[] = [],
  program = PROGRAM,
): Promise<Server> {
  return startServer({
    name: 'Lifeguard',
    folder,
    args: ['--max-semi-space-size=16', ...nodeOptions, fromRoot(program)],
    environment: {
      DATABASE_URL: databaseUrl,
      METRICS_PORT: '0',
      COGNITO_USER_POOL_ID: pool.id,
      COGNITO_CLIENT_IDS: pool.clientId,
      COGNITO_ENDPOINT: pool.endpoint,
      ROLE_GROUPS: 'ADMIN:admin,SUPPORT:support,MEMBER:*',
      // Nobody of the people is at the pool: nobody may look for them there.
      PROFILE_MAX_AGE: '86400',
      SYNC_INTERVAL: '0',
      LIMIT_REQUESTS: '100000000',
    },
  });
}
