import type { Topic } from '../check.js';
import { clients } from './clients.js';
import { pools } from './pools.js';
import { signUps } from './sign-up.js';

/** Every check by its topic. */
export const topics: readonly Topic[] = [pools, clients, signUps];
