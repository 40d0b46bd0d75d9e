import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Account } from '../account-store.js';
import {
  attributeList,
  attributeListOf,
  attributesFrom,
  changed,
  srpIdentity,
  userTypeOf,
} from '../attributes.js';
import { CognitoError, invalidParameter } from '../errors.js';
import { type Operation, operation, type Stores } from '../operation.js';
import { checkPassword } from '../password-policy.js';
import type { Pool } from '../pool-store.js';
import { srpVerifier } from '../srp.js';

const ofUser = z.object({ UserPoolId: z.string(), Username: z.string().min(1).max(128) });

const adminCreateUser = ofUser.extend({
  TemporaryPassword: z.string().max(256).optional(),
  UserAttributes: attributeList,
  MessageAction: z.enum(['SUPPRESS', 'RESEND']).optional(),
  DesiredDeliveryMediums: z.array(z.string()).optional(),
  ForceAliasCreation: z.boolean().optional(),
});

/** What administrators do to one user. */
export const adminUserOperations = {
  AdminCreateUser: operation('signed', adminCreateUser, async (input, { pools, accounts, log }) => {
    if (input.MessageAction === 'RESEND')
      throw new CognitoError('UnsupportedUserStateException', 'Resending is not supported here.');
    const pool = await pools.pool(input.UserPoolId);
    const password = input.TemporaryPassword ?? `Aa1!${randomBytes(9).toString('base64url')}`;
    checkPassword(password, pool.settings.Policies.PasswordPolicy);
    const attributes = changed({}, attributesFrom(input.UserAttributes));
    const account = await accounts.add(pool, {
      username: input.Username,
      attributes,
      status: 'FORCE_CHANGE_PASSWORD',
      srp: srpVerifier(srpIdentity(pool, input.Username), password),
    });
    try {
      await accounts.claimAliases(pool, account, attributes);
    } catch (error) {
      await accounts.remove(account);
      throw error;
    }
    if (input.MessageAction !== 'SUPPRESS' && attributes.email)
      log.info({}, `temporary password made for ${attributes.email}`);
    return { User: userTypeOf(account) };
  }),

  AdminGetUser: onUser(ofUser, async (account) => {
    const { Attributes: _attributes, ...user } = userTypeOf(account);
    return { ...user, UserAttributes: attributeListOf(account) };
  }),

  AdminSetUserPassword: onUser(
    ofUser.extend({ Password: z.string().max(256), Permanent: z.boolean().default(false) }),
    async (account, { accounts }, { Password, Permanent }, pool) => {
      checkPassword(Password, pool.settings.Policies.PasswordPolicy);
      await accounts.change(account, {
        srp: srpVerifier(srpIdentity(pool, account.username), Password),
        status: Permanent ? 'CONFIRMED' : 'FORCE_CHANGE_PASSWORD',
      });
      return {};
    },
  ),

  AdminUpdateUserAttributes: onUser(
    ofUser.extend({ UserAttributes: attributeList }),
    async (account, { accounts }, { UserAttributes }, pool) => {
      if (UserAttributes.some(({ Name }) => Name === 'sub'))
        throw invalidParameter('Cannot modify the non-mutable attribute sub');
      const attributes = changed(account.attributes, attributesFrom(UserAttributes));
      await accounts.claimAliases(pool, account, attributes);
      await accounts.change(account, { attributes });
      return {};
    },
  ),

  AdminEnableUser: onUser(ofUser, async (account, { accounts }) => {
    await accounts.change(account, { enabled: true });
    return {};
  }),

  AdminDisableUser: onUser(ofUser, async (account, { accounts }) => {
    await accounts.change(account, { enabled: false });
    return {};
  }),

  AdminDeleteUser: onUser(ofUser, async (account, { accounts }) => {
    await accounts.remove(account);
    return {};
  }),

  AdminUserGlobalSignOut: onUser(ofUser, async (account, { accounts }) => {
    await accounts.signOut(account);
    return {};
  }),
};

/** An administrator's operation on a user that exists. */
function onUser<Input extends z.infer<typeof ofUser>>(
  input: z.ZodType<Input>,
  run: (account: Account, stores: Stores, input: Input, pool: Pool) => Promise<object>,
): Operation {
  return operation('signed', input, async (given, stores) => {
    const pool = await stores.pools.pool(given.UserPoolId);
    return run(await stores.accounts.account(pool, given.Username), stores, given, pool);
  });
}
