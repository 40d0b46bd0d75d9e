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

/** Those that `npm start` gives Node. */
export const NODE_OPTIONS = ['--min-semi-space-size=4', '--max-semi-space-size=8'];

export interface LifeguardOptions {
  /** Of Node. */
  readonly nodeOptions?: readonly string[];
  /** What serves, from the project's root; what loads the bundle, if absent. */
  readonly program?: string;
  /** How many processes; several have all cores, one has that of the server. */
  readonly workers?: number;
}

/** As people run it: its log in a file, metrics, revocation, live roles and limits on, production limits too. */
export async function startLifeguard(
  { pool, databaseUrl, folder }: Stage,
  { nodeOptions = [], program = 'dist/src/main.js', workers }: LifeguardOptions = {},
): Promise<Server> {
  return startServer({
    name: 'Lifeguard',
    folder,
    cores: workers === undefined ? 'one' : 'all',
    args: [...NODE_OPTIONS, ...nodeOptions, fromRoot(program)],
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
      WEB_CONCURRENCY: String(workers ?? 1),
    },
  });
}
