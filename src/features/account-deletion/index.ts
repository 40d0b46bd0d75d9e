import type { Feature } from '../../request/feature.js';
import { AccountDeletion } from './account-deletion.entity.js';
import { AccountDeletionResolver, UserDeletionResolver } from './account-deletion.resolver.js';
import { accountDeletionJobs } from './carry-out.js';

/** People who want to be forgotten. */
export const accountDeletion: Feature = {
  resolvers: [AccountDeletionResolver, UserDeletionResolver],
  entities: [AccountDeletion],
  jobs: accountDeletionJobs,
};
