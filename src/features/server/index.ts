import type { Feature } from '../../request/feature.js';
import { ServerResolver } from './server.resolver.js';

export const server: Feature = { resolvers: [ServerResolver] };
