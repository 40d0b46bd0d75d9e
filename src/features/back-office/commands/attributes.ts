import { z } from 'zod';
import { commandKind, toOne } from '../command-kind.js';

export const UPDATE_USER_ATTRIBUTES = commandKind({
  action: 'updateUserAttributes',
  input: z.object({ identityId: z.string(), attributes: z.record(z.string(), z.string()) }),
  endsTokens: () => false,
  atPool: (work) =>
    toOne(work, (pool, { username }) =>
      pool.admin.updateAttributes(username, work.input.attributes),
    ),
});
