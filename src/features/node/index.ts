import type { Feature } from '../../request/feature.js';
import { NodeResolver } from './node.resolver.js';

export const node: Feature = { resolvers: [NodeResolver] };
