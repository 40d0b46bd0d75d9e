import type { Feature } from '../../request/feature.js';
import { MyProfileResolver } from './my-profile.resolver.js';

/** What people do to their own account at the pool. */
export const myProfile: Feature = { resolvers: [MyProfileResolver] };
