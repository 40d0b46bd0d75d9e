import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Environment, on, Processes, type RunningServer } from '../support/process.js';
import { testRedis } from '../support/redis.js';
import { type PoolClient, poolClient } from './pool-client.js';

// Two servers of a deployment: a configured pool, one database, one Redis, and the operations of one client alone.

const redis = await testRedis();

const ME = 'query Me { me { id } }';
const HASH = createHash('sha256').update(ME).digest('hex');
const LIMIT = 20;

const processes = new Processes();
let folder: string;
let pool: PoolClient;
let servers: RunningServer[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lifeguard-deployed-'));
  const documents = join(folder, 'persisted-documents.json');
  await writeFile(documents, JSON.stringify({ [HASH]: ME }));
  const shared = await on(await processes.prepared());
  const provider = await processes.start(shared);
  pool = await poolClient(provider.poolEndpoint);
  const environment: Environment = {
    ...shared,
    COGNITO_ENDPOINT: provider.poolEndpoint,
    COGNITO_USER_POOL_ID: pool.poolId,
    COGNITO_CLIENT_IDS: pool.clientId,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    TRUSTED_DOCUMENTS: documents,
    LIMIT_REQUESTS: String(LIMIT),
    ...(redis !== undefined && { REDIS_URL: redis }),
  };
  servers = [await processes.start(environment), await processes.start(environment)];
});
afterAll(async () => {
  pool?.close();
  await processes.clear();
  await rm(folder, { recursive: true, force: true });
});

function post({ origin }: RunningServer, token: string, body: object): Promise<Response> {
  return fetch(`${origin}/graphql`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

test('what is registered is answered, by its hash and by its text, and nothing else, an admin neither', async () => {
  const ada = await pool.signIn('ada@example.com');
  const byHash = { extensions: { persistedQuery: { version: 1, sha256Hash: HASH } } };
  for (const server of servers) {
    for (const body of [byHash, { query: ME }]) {
      const answer = await post(server, ada, body);
      expect(answer.status).toBe(200);
      expect(await answer.json()).toEqual({ data: { me: { id: expect.any(String) } } });
    }
    for (const query of ['{ me { id } }', '{ __schema { types { name } } }', '{{{']) {
      const refused = await post(server, ada, { query });
      expect(refused.status).toBe(400);
      expect(await refused.json()).toEqual({
        errors: [
          expect.objectContaining({
            extensions: expect.objectContaining({
              code: 'BAD_USER_INPUT',
              reason: 'untrusted_document',
            }),
          }),
        ],
      });
    }
  }
});

(redis === undefined ? test.skip : test)(
  'a viewer has one rate for both servers, and is told when to come again',
  async () => {
    const uma = await pool.signIn('uma@example.com');
    const statuses: number[] = [];
    for (let time = 0; time < LIMIT; time++) {
      for (const server of servers) {
        const { status, headers } = await post(server, uma, { query: ME });
        statuses.push(status);
        if (status === 429) expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
      }
    }
    const answered = statuses.filter((status) => status === 200).length;
    expect(answered + statuses.filter((status) => status === 429).length).toBe(2 * LIMIT);
    expect(answered).toBeGreaterThanOrEqual(LIMIT);
    // A server that Redis answers too late counts by itself: without Redis all would be answered.
    expect(answered).toBeLessThan(1.5 * LIMIT);
  },
);
