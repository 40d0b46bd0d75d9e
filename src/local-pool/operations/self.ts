import { z } from 'zod';
import { attributeList, attributeListOf, changed, ownAttributesFrom } from '../attributes.js';
import { operation } from '../operation.js';

const accessToken = z.object({ AccessToken: z.string().min(1) });

/** What users do with their own access tokens. */
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
      const attributes = changed(account.attributes, ownAttributesFrom(UserAttributes));
      await accounts.claimAliases(await pools.pool(account.poolId), account, attributes);
      await accounts.change(account, { attributes });
      return { CodeDeliveryDetailsList: [] };
    },
  ),

  GlobalSignOut: operation('public', accessToken, async ({ AccessToken }, { tokens, accounts }) => {
    await accounts.signOut(await tokens.holderOf(AccessToken));
    return {};
  }),
};
