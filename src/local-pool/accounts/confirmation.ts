import type { ClientMetadata, Stores } from '../operation.js';
import type { Pool } from '../pools/pool-store.js';
import { eventAttributes } from '../triggers.js';
import type { Account } from './account.js';
import { deliveryOf } from './delivery.js';

/** An account with the address that a code has proved to be its own. */
export function confirmedWith(pool: Pool, { attributes }: Account) {
  const medium = deliveryOf(pool, attributes)?.medium;
  return {
    status: 'CONFIRMED' as const,
    attributes: medium ? { ...attributes, [`${medium}_verified`]: 'true' } : attributes,
  };
}

interface Confirmation {
  readonly source: 'PostConfirmation_ConfirmSignUp' | 'PostConfirmation_ConfirmForgotPassword';
  readonly account: Account;
  readonly clientId: string;
  readonly clientMetadata: ClientMetadata;
}

/** Tells the trigger of it, with the account as it is now. */
export async function announce(
  { source, account, clientId, clientMetadata }: Confirmation,
  { triggers, pools, accounts }: Stores,
): Promise<void> {
  if (!triggers.has('PostConfirmation')) return;
  const current = await accounts.bySub(await pools.pool(account.poolId), account.sub);
  await triggers.call('PostConfirmation', {
    source,
    poolId: account.poolId,
    clientId,
    username: account.username,
    request: {
      userAttributes: eventAttributes(current),
      ...(clientMetadata && { clientMetadata }),
    },
    response: {},
  });
}
