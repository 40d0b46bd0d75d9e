import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  jest,
  test,
} from '@jest/globals';
import { Redis } from 'ioredis';
import type { RateCounters } from '../../src/http/own-counters.js';
import { redisCounters } from '../../src/http/redis-counters.js';
import { createLog } from '../../src/log/index.js';
import { type RedisProxy, startRedisProxy, testRedis } from '../support/redis.js';
import type { TcpProxy } from '../support/tcp-proxy.js';
import { type FixtureServer, fixtureServer, post } from './fixture-server.js';

const url = await testRedis();

// An answer of Redis that a busy machine gets late is counted by the server itself, as it should be: each try has servers of its own.
jest.retryTimes(2, { logErrorsBeforeRetry: true });

const query = { query: '{ hello }' };
const good = { authorization: 'Bearer good' };
const bad = { authorization: 'Bearer bad' };
const LIMITS = { requestsPerMinute: 4, failedTokensPerMinute: 4 };

/** Milliseconds; longer than by default, as machines that test are busy. */
const DEADLINE = 300;

/** A server whose way to Redis is a proxy of its own. */
interface Shared {
  readonly server: FixtureServer;
  readonly counters: RateCounters;
  readonly proxy: TcpProxy;
  readonly log: string[];
}

(url === undefined ? describe.skip : describe)('With a Redis', () => {
  let secret: Buffer;
  let ways: RedisProxy[];
  let servers: Shared[];

  beforeAll(async () => {
    ways = await Promise.all([1, 2].map(() => startRedisProxy(url ?? '')));
  });
  // Keys of a secret of its own are nobody else's.
  beforeEach(async () => {
    secret = randomBytes(32);
    servers = await Promise.all(ways.map((way) => sharing(way)));
    for (const { counters } of servers) await until(() => !counters.isCutOff);
  });
  afterEach(async () => {
    for (const { server, counters, proxy } of servers) {
      await server.app.close();
      counters.close();
      await proxy.mend();
    }
  });
  afterAll(() => Promise.all(ways.map(({ proxy }) => proxy.close())));

  async function sharing({ url: way, proxy }: RedisProxy): Promise<Shared> {
    const log: string[] = [];
    const counters = redisCounters({
      url: way,
      secret,
      deadline: DEADLINE,
      log: createLog({ level: 'info', destination: { write: (line) => log.push(line) } }),
    });
    const server = await fixtureServer({ limits: LIMITS, counters });
    return { server, counters, proxy, log };
  }

  /** Statuses of requests that go to one server after the other. */
  async function statuses(to: readonly (Shared | undefined)[], headers: Record<string, string>) {
    const answers: number[] = [];
    for (const shared of to) {
      if (shared === undefined) throw new Error('There is no such server.');
      answers.push((await post(shared.server, query, headers)).statusCode);
    }
    return answers;
  }

  test('two servers count the requests of a viewer together', async () => {
    const [one, two] = servers;
    expect(await statuses([one, two, one, two, one, two], good)).toEqual([
      200, 200, 200, 200, 429, 429,
    ]);
    expect(await statuses([one, two], {})).toEqual([200, 200]);
  });

  test('and failed tokens of an address, which never stop a token that is remembered', async () => {
    const [one, two] = servers;
    expect(await statuses([one], good)).toEqual([200]);
    expect(await statuses([one, two, one, two, one, two], bad)).toEqual([
      401, 401, 401, 401, 429, 429,
    ]);
    expect(await statuses([one, two], good)).toEqual([200, 429]);
  });

  test('Redis is told nothing of tokens, addresses and people, and forgets within a minute', async () => {
    const redis = new Redis(url ?? '');
    const before = new Set(await redis.keys('lifeguard:*'));
    await statuses(servers, good);
    await statuses(servers, {});
    await statuses(servers, bad);
    const keys = (await redis.keys('lifeguard:*')).filter((key) => !before.has(key));
    expect(keys).toHaveLength(3);
    for (const key of keys) {
      expect(key).toMatch(/^lifeguard:(?:requests|tokens):[\w-]{43}$/);
      expect(await redis.get(key)).toBe('2');
      const seconds = await redis.ttl(key);
      expect(seconds).toBeGreaterThan(0);
      expect(seconds).toBeLessThanOrEqual(60);
    }
    redis.disconnect();
  });

  test.each([
    ['is cut off', (proxy: TcpProxy) => proxy.refuse().then(() => proxy.cut())],
    ['is a black hole', async (proxy: TcpProxy) => proxy.swallow()],
  ])(
    'where Redis %s a server counts by itself at once, and together again after it',
    async (_how, breaks) => {
      const [one, two] = servers;
      if (one === undefined || two === undefined) throw new Error('There are no servers.');
      expect(await statuses([two, two], good)).toEqual([200, 200]);
      const times: number[] = [];
      await breaks(one.proxy);
      for (const status of [200, 200, 200, 200, 429, 429]) {
        const begin = performance.now();
        expect(await statuses([one], good)).toEqual([status]);
        times.push(performance.now() - begin);
      }
      // One request found out.
      expect(Math.max(...times)).toBeLessThan(2_000);
      expect(times.filter((time) => time >= DEADLINE).length).toBeLessThanOrEqual(1);
      expect(one.counters.isCutOff).toBe(true);
      // It outlives tries in vain.
      await sleep(600);
      expect(one.log.filter((line) => line.includes('Redis is out of reach'))).toHaveLength(1);
      expect(one.log.join('')).not.toContain('password');

      await one.proxy.mend();
      await until(() => !one.counters.isCutOff);
      expect(await statuses([one, two, one], good)).toEqual([200, 200, 429]);
      expect(one.log.at(-1)).toContain('rate limits are counted in Redis');
    },
  );

  test('a Redis that is not there at the start keeps nobody waiting', async () => {
    const [one] = servers;
    await one?.proxy.refuse();
    const late = await sharing(ways[0] as RedisProxy);
    servers.push(late);
    expect(await statuses([late, late, late, late, late], good)).toEqual([200, 200, 200, 200, 429]);
    await late.proxy.mend();
    await until(() => !late.counters.isCutOff);
    expect(await statuses([late], good)).toEqual([200]);
  });
});

async function until(holds: () => boolean): Promise<void> {
  for (const end = Date.now() + 10_000; Date.now() < end; await sleep(10)) if (holds()) return;
  throw new Error('Waited in vain.');
}
