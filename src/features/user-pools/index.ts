import type { Feature } from '../../request/feature.js';
import { PoolCallsResolver } from './pool-calls.resolver.js';
import { PoolDriftResolver } from './pool-drift.resolver.js';

export const userPools: Feature = { resolvers: [PoolCallsResolver, PoolDriftResolver] };
