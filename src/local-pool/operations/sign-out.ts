import { z } from 'zod';
import { CognitoError } from '../errors.js';
import { ofUser, operation } from '../operation.js';
import { checkSecret } from '../pools/secret-hash.js';
import { onUser } from './on-user.js';

/** Ends sign-ins: their refresh tokens, and for the pool's own API their access tokens. */
export const signOutOperations = {
  GlobalSignOut: operation(
    'public',
    z.object({ AccessToken: z.string().min(1) }),
    async ({ AccessToken }, { tokens, signIns }) => {
      await signIns.revokeAll((await tokens.holderOf(AccessToken)).account);
      return {};
    },
  ),

  AdminUserGlobalSignOut: onUser(ofUser, async ({ account, stores }) => {
    await stores.signIns.revokeAll(account);
    return {};
  }),

  RevokeToken: operation(
    'public',
    z.object({
      Token: z.string().min(1),
      ClientId: z.string(),
      ClientSecret: z.string().optional(),
    }),
    async ({ Token, ClientId, ClientSecret }, { pools, signIns }) => {
      const client = await pools.client(ClientId);
      checkSecret(client, ClientSecret);
      if (!client.settings.EnableTokenRevocation)
        throw new CognitoError(
          'UnsupportedOperationException',
          'Token revocation is not enabled for this client.',
        );
      // Refresh tokens have no dots: this is an access or id token.
      if (Token.includes('.'))
        throw new CognitoError('UnsupportedTokenTypeException', 'Only refresh tokens are revoked.');
      await signIns.revoke(Token, client.id);
      return {};
    },
  ),
};
