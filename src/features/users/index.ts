import type { Feature } from '../../request/feature.js';
import { DuplicatesResolver } from './duplicates.resolver.js';
import { AccountResolver, UserAccountsResolver } from './user-accounts.resolver.js';
import { UsersResolver } from './users.resolver.js';
import { ViewerResolver } from './viewer.resolver.js';

export { ViewerType } from './viewer.resolver.js';

export const users: Feature = {
  resolvers: [
    UsersResolver,
    UserAccountsResolver,
    AccountResolver,
    ViewerResolver,
    DuplicatesResolver,
  ],
};
