import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import {
  attributeList,
  attributeListOf,
  attributesFrom,
  changed,
  refuseImmutable,
  userTypeOf,
} from '../attributes.js';
import { CognitoError } from '../errors.js';
import { ofUser, operation } from '../operation.js';
import { checkPassword } from '../password-policy.js';
import { srpVerifier } from '../srp.js';
import { named } from '../usernames.js';
import { onUser } from './on-user.js';

const password = z.string().max(256);

const adminCreateUser = ofUser.extend({
  TemporaryPassword: password.optional(),
  UserAttributes: attributeList,
  MessageAction: z.enum(['SUPPRESS', 'RESEND']).optional(),
  ForceAliasCreation: z.boolean().default(false),
});

/** What administrators do to one user. */
export const adminUserOperations = {
  AdminCreateUser: operation(
    'signed',
    adminCreateUser,
    async (input, { pools, accounts, deliver }) => {
      if (input.MessageAction === 'RESEND')
        throw new CognitoError('UnsupportedUserStateException', 'Resending is not supported here.');
      const pool = await pools.pool(input.UserPoolId);
      const change = attributesFrom(pool, input.UserAttributes);
      const { sub, username, attributes } = named(pool, input.Username, change);
      const temporary = temporaryPassword(input);
      if (temporary) checkPassword(temporary, pool.settings.Policies.PasswordPolicy);
      const account = await accounts.add(
        pool,
        {
          sub,
          username,
          attributes: changed({}, attributes),
          status: 'FORCE_CHANGE_PASSWORD',
          ...(temporary && { srp: srpVerifier(pool, username, temporary) }),
        },
        input.ForceAliasCreation ? 'take over' : 'refuse',
      );
      // Nothing is sent: the log is the mailbox.
      if (input.MessageAction !== 'SUPPRESS')
        deliver(`temporary password ${temporary} for ${attributes.email ?? username}`);
      return { User: userTypeOf(account) };
    },
  ),

  AdminGetUser: onUser(ofUser, async ({ account }) => {
    const { Attributes: _renamed, ...user } = userTypeOf(account);
    return { ...user, UserAttributes: attributeListOf(account) };
  }),

  AdminSetUserPassword: onUser(
    ofUser.extend({ Password: password, Permanent: z.boolean().default(false) }),
    async ({ account, pool, stores, input }) => {
      checkPassword(input.Password, pool.settings.Policies.PasswordPolicy);
      const srp = srpVerifier(pool, account.username, input.Password);
      const status = input.Permanent ? 'CONFIRMED' : 'FORCE_CHANGE_PASSWORD';
      await stores.accounts.change(pool, account, () => ({ srp, status }));
      return {};
    },
  ),

  AdminUpdateUserAttributes: onUser(
    ofUser.extend({ UserAttributes: attributeList }),
    async ({ account, pool, stores, input }) => {
      const change = attributesFrom(pool, input.UserAttributes);
      refuseImmutable(pool, change);
      await stores.accounts.change(pool, account, ({ attributes }) => ({
        attributes: changed(attributes, change),
      }));
      return {};
    },
  ),

  AdminEnableUser: onUser(ofUser, async ({ account, pool, stores }) => {
    await stores.accounts.change(pool, account, () => ({ enabled: true }));
    return {};
  }),

  AdminDisableUser: onUser(ofUser, async ({ account, pool, stores }) => {
    await stores.accounts.change(pool, account, () => ({ enabled: false }));
    return {};
  }),

  AdminDeleteUser: onUser(ofUser, async ({ account, stores }) => {
    await stores.accounts.remove(account);
    return {};
  }),
};

/** The given one or a random one; none where nobody would ever be told it. */
function temporaryPassword({
  TemporaryPassword,
  MessageAction,
}: z.infer<typeof adminCreateUser>): string | undefined {
  if (TemporaryPassword !== undefined || MessageAction === 'SUPPRESS') return TemporaryPassword;
  return `Aa1!${randomBytes(9).toString('base64url')}`;
}
