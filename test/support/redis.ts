import { Redis } from 'ioredis';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.js';

const OFTEN = 'redis://127.0.0.1:6379';
/** Milliseconds. */
const PATIENCE = 1_000;

/**
 * The URL of a Redis to test with: that of `TEST_REDIS_URL`, or the one of this machine. Undefined, and said aloud,
 * where there is neither.
 * @throws Error where `TEST_REDIS_URL` names one that does not answer.
 */
export async function testRedis(): Promise<string | undefined> {
  const url = process.env.TEST_REDIS_URL ?? OFTEN;
  if (await answers(url)) return url;
  if (process.env.TEST_REDIS_URL) throw new Error('The Redis of TEST_REDIS_URL does not answer.');
  process.stderr.write(
    `NO REDIS at ${OFTEN}: its tests are skipped. Start one, or set TEST_REDIS_URL.\n`,
  );
  return undefined;
}

export interface RedisProxy {
  readonly url: string;
  readonly proxy: TcpProxy;
}

/** A way to a Redis which can be as unreliable as it is told to be. */
export async function startRedisProxy(redis: string): Promise<RedisProxy> {
  const url = new URL(redis);
  const proxy = await startTcpProxy({ host: url.hostname, port: Number(url.port || 6379) });
  url.hostname = '127.0.0.1';
  url.port = String(proxy.port);
  return { url: url.href, proxy };
}

async function answers(url: string): Promise<boolean> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: PATIENCE,
    retryStrategy: () => null,
  });
  redis.on('error', () => undefined);
  try {
    await redis.connect();
    return (await redis.ping()) === 'PONG';
  } catch {
    return false;
  } finally {
    redis.disconnect();
  }
}
