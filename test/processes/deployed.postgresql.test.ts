import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Environment, on, Processes, type RunningServer, until } from '../support/process.js';
import { startRedisProxy, testRedis } from '../support/redis.js';
import type { TcpProxy } from '../support/tcp-proxy.js';
import { type PoolClient, poolClient } from './pool-client.js';

// Two servers of a deployment: a configured pool, one database, one Redis that is not there yet, and the operations of
// one client alone.

const url = await testRedis();
const redis = url === undefined ? undefined : await startRedisProxy(url);

const ME = 'query Me { me { id } }';
const HASH = createHash('sha256').update(ME).digest('hex');
const LIMIT = 20;

const processes = new Processes();
let folder: string;
let pool: PoolClient;
let servers: RunningServer[];

beforeAll(async () => {
  await redis?.proxy.refuse();
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
    ...(redis !== undefined && { REDIS_URL: redis.url }),
  };
  servers = [await processes.start(environment), await processes.start(environment)];
});
afterAll(async () => {
  pool?.close();
  await processes.clear();
  await redis?.proxy.close();
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

(redis === undefined ? describe.skip : describe)('Redis', () => {
  /** Of one request too many to each server, in turn. */
  async function statusesOf(username: string): Promise<number[][]> {
    const token = await pool.signIn(username);
    const statuses: number[][] = servers.map(() => []);
    for (let time = 0; time <= LIMIT; time++) {
      for (const [index, server] of servers.entries()) {
        const { status, headers } = await post(server, token, { query: ME });
        statuses[index]?.push(status);
        if (status === 429) expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
      }
    }
    return statuses;
  }

  /** Whatever happens to Redis nobody is refused for it. */
  async function expectCountedApart(username: string): Promise<void> {
    const ofEach = [...Array.from({ length: LIMIT }, () => 200), 429];
    expect(await statusesOf(username)).toEqual(servers.map(() => ofEach));
    for (const { origin } of servers) expect((await fetch(`${origin}/readyz`)).status).toBe(200);
  }

  async function expectCountedTogether(username: string): Promise<void> {
    const statuses = (await statusesOf(username)).flat();
    const answered = statuses.filter((status) => status === 200).length;
    expect(answered + statuses.filter((status) => status === 429).length).toBe(statuses.length);
    expect(answered).toBeGreaterThanOrEqual(LIMIT);
    // A server that Redis answers too late, as on a busy machine, counts by itself: without Redis each would answer them all.
    expect(answered).toBeLessThan(servers.length * LIMIT);
  }

  /** Resolves once Redis counts for both servers again. A server whose connection has lived on finds out when it is asked. */
  async function mend(): Promise<void> {
    const token = await pool.signIn('ada@example.com');
    const told = () =>
      servers.map(({ output }) => output().split('rate limits are counted in Redis').length);
    const before = told();
    await redis?.proxy.mend();
    await until(async () => {
      for (const server of servers) await post(server, token, { query: ME });
      return told().every((times, index) => times > (before[index] ?? 0)) || undefined;
    });
  }

  test('that is not there at the start is missed by nobody, and counts for both servers once it is', async () => {
    await expectCountedApart('sam@example.com');
    await mend();
    await expectCountedTogether('uma@example.com');
  });

  test.each([
    {
      how: 'cut off',
      breaks: (way: TcpProxy) => way.refuse().then(way.cut),
      people: ['grace.chen', 'liam.chen'],
    },
    {
      how: 'a black hole',
      breaks: async (way: TcpProxy) => way.swallow(),
      people: ['amara.chen', 'bruno.chen'],
    },
  ] as const)(
    'that is $how is missed by nobody: each server counts by itself, and together again after it',
    async ({ breaks, people: [during, after] }) => {
      if (redis !== undefined) await breaks(redis.proxy);
      await expectCountedApart(during);
      await mend();
      await expectCountedTogether(after);
    },
  );
});
