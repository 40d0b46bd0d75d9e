import type { Operation } from '../operation.js';
import { adminUserOperations } from './admin-users.js';
import { groupOperations } from './groups.js';
import { listUsersOperations } from './list-users.js';
import { passwordOperations } from './passwords.js';
import { poolClientOperations } from './pool-clients.js';
import { poolOperations } from './pools.js';
import { resourceServerOperations } from './resource-servers.js';
import { selfOperations } from './self.js';
import { signInOperations } from './sign-in.js';
import { signOutOperations } from './sign-out.js';
import { signUpOperations } from './sign-up.js';

/** Every operation by its name in the API. */
export const operations: ReadonlyMap<string, Operation> = new Map<string, Operation>(
  Object.entries({
    ...poolOperations,
    ...poolClientOperations,
    ...resourceServerOperations,
    ...signUpOperations,
    ...signInOperations,
    ...signOutOperations,
    ...passwordOperations,
    ...selfOperations,
    ...adminUserOperations,
    ...listUsersOperations,
    ...groupOperations,
  }),
);
