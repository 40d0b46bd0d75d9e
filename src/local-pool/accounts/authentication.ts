import {
  CognitoError,
  invalidParameter,
  notAuthorized,
  userDisabled,
  userNotFound,
  wrongCredentials,
} from '../errors.js';
import type { ClientMetadata, Stores } from '../operation.js';
import type { Pool, PoolClient } from '../pools/pool-store.js';
import type { Account } from './account.js';
import { type AttributeList, changed, missingAttributes, ownAttributesFrom } from './attributes.js';
import { migrated } from './migration.js';
import { checkPassword } from './password-policy.js';
import { isPassword, srpVerifier } from './srp.js';

export interface Credentials {
  readonly username: string;
  readonly password: string;
  readonly clientMetadata?: ClientMetadata | undefined;
}

/**
 * Whom a name and a password belong to; an account that has to set a new password is let through.
 * @throws CognitoError NotAuthorizedException, UserNotFoundException, UserNotConfirmedException,
 *   PasswordResetRequiredException
 */
export async function authenticate(
  { username, password, clientMetadata }: Credentials,
  client: PoolClient,
  stores: Stores,
): Promise<Account> {
  const pool = await stores.pools.pool(client.poolId);
  const found = await stores.accounts.find(pool, username);
  // Before anything is refused: the time until then must not tell whether there is such a user.
  const isRight = isPassword(found?.password, pool, found?.username ?? username, password);
  if (found === undefined) {
    const newcomer = await migrated(
      { source: 'UserMigration_Authentication', username, password, clientMetadata },
      client,
      stores,
    );
    if (newcomer === undefined) throw unknownUser(client);
    return signedIn(newcomer);
  }
  if (!isRight) throw wrongCredentials();
  return signedIn(found);
}

/** Where the client says so, an unknown name is answered as a wrong password is. */
export function unknownUser({ settings }: PoolClient): CognitoError {
  return settings.PreventUserExistenceErrors === 'ENABLED' ? wrongCredentials() : userNotFound();
}

/**
 * An account whose password was right: before that a stranger learns nothing of it.
 * @throws CognitoError NotAuthorizedException, UserNotConfirmedException, PasswordResetRequiredException
 */
export function signedIn(account: Account): Account {
  const { enabled, status, password } = account;
  if (!enabled) throw userDisabled();
  if (status === 'UNCONFIRMED')
    throw new CognitoError('UserNotConfirmedException', 'User is not confirmed.');
  if (status === 'RESET_REQUIRED')
    throw new CognitoError(
      'PasswordResetRequiredException',
      'Password reset required for the user',
    );
  if (password?.expiresAt !== undefined && password.expiresAt <= Date.now())
    throw notAuthorized('Temporary password has expired and must be reset by an administrator.');
  return account;
}

export interface NewPassword {
  readonly password: string;
  /** Those that the pool requires and the account lacks, and any others that the client may write. */
  readonly attributes?: AttributeList;
}

/**
 * Puts a password of their own in the place of a temporary one.
 * @throws CognitoError InvalidPasswordException, InvalidParameterException, NotAuthorizedException
 */
export async function setNewPassword(
  { password, attributes: given = [] }: NewPassword,
  account: Account,
  client: PoolClient,
  stores: Pick<Stores, 'pools' | 'accounts'>,
): Promise<Account> {
  const pool = await stores.pools.pool(account.poolId);
  checkPassword(password, pool.settings.Policies.PasswordPolicy);
  const change = ownAttributesFrom(pool, client, given);
  const [missing] = missingAttributes(pool, { ...account.attributes, ...change });
  if (missing !== undefined)
    throw invalidParameter(`Invalid user attributes: ${missing}: The attribute is required`);
  await stores.accounts.change(pool, account, ({ attributes }) => ({
    attributes: changed(attributes, change),
    password: srpVerifier(pool, account.username, password),
    status: 'CONFIRMED',
  }));
  return stores.accounts.bySub(pool, account.sub);
}

/** A temporary password, and when it ends. */
export function temporary(pool: Pool, username: string, password: string) {
  const { TemporaryPasswordValidityDays: days } = pool.settings.Policies.PasswordPolicy;
  const expiresAt = Date.now() + (days || 7) * 86_400_000;
  return { ...srpVerifier(pool, username, password), expiresAt };
}
