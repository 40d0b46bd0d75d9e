import type { z } from 'zod';
import type { Account } from '../accounts/account.js';
import { type Operation, type ofUser, operation, type Stores } from '../operation.js';
import type { Pool } from '../pools/pool-store.js';

interface OnUser<Input> {
  readonly input: Input;
  readonly pool: Pool;
  readonly account: Account;
  readonly stores: Stores;
}

/** An administrator's operation on a user that exists, by user name, alias or `sub`. */
export function onUser<Input extends z.infer<typeof ofUser>>(
  shape: z.ZodType<Input>,
  run: (found: OnUser<Input>) => Promise<object>,
): Operation {
  return operation('signed', shape, async (input, stores) => {
    const pool = await stores.pools.pool(input.UserPoolId);
    return run({
      input,
      pool,
      account: await stores.accounts.account(pool, input.Username),
      stores,
    });
  });
}
