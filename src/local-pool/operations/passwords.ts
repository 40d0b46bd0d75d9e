import { z } from 'zod';
import type { Account } from '../accounts/account.js';
import { temporary } from '../accounts/authentication.js';
import { answered, codeFor, codeMismatch } from '../accounts/codes.js';
import { announce } from '../accounts/confirmation.js';
import {
  type Delivery,
  detailsOf,
  notify,
  recoveryOf,
  simulatedDetails,
} from '../accounts/delivery.js';
import { migrated } from '../accounts/migration.js';
import { checkPassword } from '../accounts/password-policy.js';
import { isPassword, srpVerifier } from '../accounts/srp.js';
import {
  invalidParameter,
  notAuthorized,
  userDisabled,
  userNotFound,
  wrongCredentials,
} from '../errors.js';
import {
  type ClientMetadata,
  clientMetadata,
  NO_CLIENT,
  name,
  ofUser,
  operation,
  type Stores,
} from '../operation.js';
import type { Pool, PoolClient } from '../pools/pool-store.js';
import { checkSecretHash } from '../pools/secret-hash.js';
import { onUser } from './on-user.js';

const password = z.string().max(256);
const forgotPassword = z.object({
  ClientId: z.string(),
  Username: name,
  SecretHash: z.string().min(1).max(128).optional(),
  ClientMetadata: clientMetadata,
});

/** New passwords: of who knows the old one, who forgot it, and by an administrator. */
export const passwordOperations = {
  ChangePassword: operation(
    'public',
    z.object({
      AccessToken: z.string().min(1),
      PreviousPassword: password.optional(),
      ProposedPassword: password,
    }),
    async ({ AccessToken, PreviousPassword = '', ProposedPassword }, { tokens, accounts }) => {
      const { account, pool } = await tokens.holderOf(AccessToken);
      if (!isPassword(account.password, pool, account.username, PreviousPassword))
        throw wrongCredentials();
      checkPassword(ProposedPassword, pool.settings.Policies.PasswordPolicy);
      const changed = srpVerifier(pool, account.username, ProposedPassword);
      await accounts.change(pool, account, () => ({ password: changed }));
      return {};
    },
  ),

  ForgotPassword: operation('public', forgotPassword, async (input, stores) => {
    const client = await stores.pools.client(input.ClientId);
    checkSecretHash(client, input.SecretHash, input.Username);
    const pool = await stores.pools.pool(client.poolId);
    const { Username: username, ClientMetadata } = input;
    const source = 'UserMigration_ForgotPassword';
    const account =
      (await stores.accounts.find(pool, username)) ??
      (await migrated({ source, username, clientMetadata: ClientMetadata }, client, stores));
    const delivery = account && recoveryOf(pool, account.attributes);
    if (account === undefined || !account.enabled || delivery === undefined) {
      if (client.settings.PreventUserExistenceErrors !== 'ENABLED') throw reasonOf(account);
      return { CodeDeliveryDetails: simulatedDetails(username) };
    }
    refuseTemporary(account);
    await sendResetCode(
      { account, pool, delivery, client, clientMetadata: ClientMetadata },
      stores,
    );
    return { CodeDeliveryDetails: detailsOf(delivery) };
  }),

  ConfirmForgotPassword: operation(
    'public',
    forgotPassword.extend({ ConfirmationCode: z.string().min(1).max(2048), Password: password }),
    async (input, stores) => {
      const client = await stores.pools.client(input.ClientId);
      checkSecretHash(client, input.SecretHash, input.Username);
      const pool = await stores.pools.pool(client.poolId);
      const account = await stores.accounts.find(pool, input.Username);
      if (account === undefined || !account.enabled) throw unknownUser(client, account);
      checkPassword(input.Password, pool.settings.Policies.PasswordPolicy);
      const changed = srpVerifier(pool, account.username, input.Password);
      await stores.accounts.change(pool, account, ({ codes }) => {
        answered(codes, 'password', input.ConfirmationCode);
        const { password: _answered, ...others } = codes;
        return { password: changed, status: 'CONFIRMED', codes: others };
      });
      const source = 'PostConfirmation_ConfirmForgotPassword';
      const { ClientMetadata } = input;
      await announce(
        { source, account, clientId: client.id, clientMetadata: ClientMetadata },
        stores,
      );
      return {};
    },
  ),

  AdminResetUserPassword: onUser(
    ofUser.extend({ ClientMetadata: clientMetadata }),
    async ({ account, pool, stores, input }) => {
      refuseTemporary(account);
      const delivery = recoveryOf(pool, account.attributes);
      if (delivery === undefined) throw noDelivery();
      await stores.accounts.change(pool, account, () => ({ status: 'RESET_REQUIRED' }));
      const { ClientMetadata } = input;
      await sendResetCode({ account, pool, delivery, clientMetadata: ClientMetadata }, stores);
      return {};
    },
  ),

  AdminSetUserPassword: onUser(
    ofUser.extend({ Password: password, Permanent: z.boolean().default(false) }),
    async ({ account, pool, stores, input }) => {
      checkPassword(input.Password, pool.settings.Policies.PasswordPolicy);
      const changed = input.Permanent
        ? srpVerifier(pool, account.username, input.Password)
        : temporary(pool, account.username, input.Password);
      const status = input.Permanent ? 'CONFIRMED' : 'FORCE_CHANGE_PASSWORD';
      await stores.accounts.change(pool, account, () => ({ password: changed, status }));
      return {};
    },
  ),
};

interface Reset {
  readonly account: Account;
  readonly pool: Pool;
  readonly delivery: Delivery;
  /** Absent where an administrator asks for it. */
  readonly client?: PoolClient;
  readonly clientMetadata: ClientMetadata;
}

async function sendResetCode(
  { account, pool, delivery, client, clientMetadata }: Reset,
  stores: Stores,
): Promise<void> {
  const code = codeFor('password');
  await stores.accounts.change(pool, account, ({ codes }) => ({
    codes: { ...codes, password: code },
  }));
  await notify(
    {
      source: 'CustomMessage_ForgotPassword',
      account,
      clientId: client?.id ?? NO_CLIENT,
      secret: code.value,
      to: delivery.destination,
      clientMetadata,
    },
    stores,
  );
}

/** @throws CognitoError NotAuthorizedException: a temporary password is an administrator's affair */
function refuseTemporary({ status }: Account): void {
  if (status === 'FORCE_CHANGE_PASSWORD')
    throw notAuthorized('User password cannot be reset in the current state.');
}

/** Why no code is sent, for a client that may know. */
function reasonOf(account: Account | undefined): Error {
  if (account === undefined) return userNotFound();
  return account.enabled ? noDelivery() : userDisabled();
}

const noDelivery = () =>
  invalidParameter(
    'Cannot reset password for the user as there is no registered/verified email or phone_number',
  );

/** Where the client says so, an unknown name is answered as a wrong code is. */
function unknownUser({ settings }: PoolClient, account: Account | undefined): Error {
  if (settings.PreventUserExistenceErrors === 'ENABLED') return codeMismatch();
  return reasonOf(account);
}
