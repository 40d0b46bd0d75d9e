import type { Feature } from '../../request/feature.js';
import { PoolCallsResolver } from './pool-calls.resolver.js';

export const userPools: Feature = { resolvers: [PoolCallsResolver] };
