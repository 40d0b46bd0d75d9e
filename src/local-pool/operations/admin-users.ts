import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Account, NewAccount } from '../accounts/account.js';
import {
  attributeList,
  attributeListOf,
  attributesFrom,
  changed,
  refuseImmutable,
  removalOf,
  userTypeOf,
} from '../accounts/attributes.js';
import { temporary } from '../accounts/authentication.js';
import { notify } from '../accounts/delivery.js';
import { checkPassword } from '../accounts/password-policy.js';
import { admitted } from '../accounts/pre-sign-up.js';
import { named } from '../accounts/usernames.js';
import { CognitoError } from '../errors.js';
import { clientMetadata, NO_CLIENT, ofUser, operation, type Stores } from '../operation.js';
import type { Pool } from '../pools/pool-store.js';
import { onUser } from './on-user.js';

const adminCreateUser = ofUser.extend({
  TemporaryPassword: z.string().max(256).optional(),
  UserAttributes: attributeList,
  ValidationData: attributeList,
  MessageAction: z.enum(['SUPPRESS', 'RESEND']).optional(),
  ForceAliasCreation: z.boolean().default(false),
  ClientMetadata: clientMetadata,
});
type Invitation = z.infer<typeof adminCreateUser>;

/** What administrators do to one user. */
export const adminUserOperations = {
  AdminCreateUser: operation('signed', adminCreateUser, async (input, stores) => {
    const pool = await stores.pools.pool(input.UserPoolId);
    const password = temporaryPassword(input);
    if (password) checkPassword(password, pool.settings.Policies.PasswordPolicy);
    const account =
      input.MessageAction === 'RESEND'
        ? await invitedAgain(pool, input, password, stores)
        : await invited(pool, input, password, stores);
    if (password !== undefined && input.MessageAction !== 'SUPPRESS')
      await notify(
        {
          source: 'CustomMessage_AdminCreateUser',
          account,
          clientId: NO_CLIENT,
          secret: password,
          to: account.attributes.email ?? account.attributes.phone_number ?? account.username,
          clientMetadata: input.ClientMetadata,
        },
        stores,
      );
    return { User: userTypeOf(account) };
  }),

  AdminGetUser: onUser(ofUser, async ({ account }) => {
    const { Attributes: _renamed, ...user } = userTypeOf(account);
    return { ...user, UserAttributes: attributeListOf(account) };
  }),

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

  AdminDeleteUserAttributes: onUser(
    ofUser.extend({ UserAttributeNames: z.array(z.string().min(1).max(32)) }),
    async ({ account, pool, stores, input }) => {
      const change = removalOf(pool, input.UserAttributeNames);
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
function temporaryPassword({ TemporaryPassword, MessageAction }: Invitation): string | undefined {
  if (TemporaryPassword !== undefined || MessageAction === 'SUPPRESS') return TemporaryPassword;
  return `Aa1!${randomBytes(9).toString('base64url')}`;
}

/** @throws CognitoError InvalidParameterException, UsernameExistsException, AliasExistsException */
async function invited(
  pool: Pool,
  input: Invitation,
  password: string | undefined,
  { accounts, triggers }: Stores,
): Promise<Account> {
  const change = attributesFrom(pool, input.UserAttributes);
  const { sub, username, attributes } = named(pool, input.Username, change);
  const applicant: NewAccount = {
    sub,
    username,
    attributes: changed({}, attributes),
    status: 'FORCE_CHANGE_PASSWORD',
  };
  const accepted = await admitted(
    applicant,
    {
      source: 'PreSignUp_AdminCreateUser',
      poolId: pool.id,
      clientId: NO_CLIENT,
      attributes: input.UserAttributes,
      validationData: input.ValidationData,
      clientMetadata: input.ClientMetadata,
    },
    triggers,
  );
  return accounts.add(
    pool,
    { ...accepted, ...(password && { password: temporary(pool, username, password) }) },
    input.ForceAliasCreation ? 'take over' : 'refuse',
  );
}

/** @throws CognitoError UserNotFoundException, UnsupportedUserStateException */
async function invitedAgain(
  pool: Pool,
  { Username }: Invitation,
  password: string | undefined,
  { accounts }: Stores,
): Promise<Account> {
  const account = await accounts.account(pool, Username);
  if (account.status !== 'FORCE_CHANGE_PASSWORD')
    throw new CognitoError(
      'UnsupportedUserStateException',
      `Resend not possible. ${Username} status is not FORCE_CHANGE_PASSWORD`,
    );
  if (password !== undefined) {
    const renewed = temporary(pool, account.username, password);
    await accounts.change(pool, account, () => ({ password: renewed }));
  }
  return accounts.bySub(pool, account.sub);
}
