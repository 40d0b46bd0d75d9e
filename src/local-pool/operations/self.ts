import { z } from 'zod';
import {
  attributeList,
  attributeListOf,
  changed,
  ownAttributesFrom,
  refuseImmutable,
} from '../attributes.js';
import { operation } from '../operation.js';

const accessToken = z.object({ AccessToken: z.string().min(1) });

/** What users read and write of themselves, with their own access tokens. */
export const selfOperations = {
  GetUser: operation('public', accessToken, async ({ AccessToken }, { tokens }) => {
    const account = await tokens.holderOf(AccessToken);
    return { Username: account.username, UserAttributes: attributeListOf(account) };
  }),

  UpdateUserAttributes: operation(
    'public',
    accessToken.extend({ UserAttributes: attributeList }),
    async ({ AccessToken, UserAttributes }, { tokens, accounts, pools }) => {
      const account = await tokens.holderOf(AccessToken);
      const pool = await pools.pool(account.poolId);
      const change = ownAttributesFrom(pool, UserAttributes);
      refuseImmutable(pool, change);
      await accounts.change(pool, account, ({ attributes }) => ({
        attributes: changed(attributes, change),
      }));
      // No code is sent: an operation that takes one, to verify an address anew, is not there yet.
      return { CodeDeliveryDetailsList: [] };
    },
  ),
};
