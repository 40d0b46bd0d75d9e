import type { App } from '../request/app.js';
import { PoolNotConfiguredError, PoolUnavailableError, type UserPool } from '../user-pool/index.js';

/** @throws PoolUnavailableError for a pool that is not configured here */
export function poolOf({ userPools }: Pick<App, 'userPools'>, poolId: string): UserPool {
  const pool = userPools.get(poolId);
  if (pool !== undefined) return pool;
  throw new PoolUnavailableError(new PoolNotConfiguredError());
}
