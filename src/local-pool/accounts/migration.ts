import { CognitoError } from '../errors.js';
import type { ClientMetadata, Stores } from '../operation.js';
import type { PoolClient } from '../pools/pool-store.js';
import type { Account } from './account.js';
import { attributesFrom, changed } from './attributes.js';
import { srpVerifier } from './srp.js';
import { named } from './usernames.js';

interface Newcomer {
  readonly source: 'UserMigration_Authentication' | 'UserMigration_ForgotPassword';
  readonly username: string;
  /** Unknown to who forgot it. */
  readonly password?: string;
  readonly clientMetadata?: ClientMetadata | undefined;
}

/**
 * An account that the UserMigration trigger knew of and that is now the pool's own; undefined where there is
 * no trigger, or it refuses ("Migrate user Lambda trigger" in the developer guide).
 */
export async function migrated(
  { source, username: given, password, clientMetadata }: Newcomer,
  client: PoolClient,
  { pools, accounts, triggers, log }: Stores,
): Promise<Account | undefined> {
  if (!triggers.has('UserMigration')) return undefined;
  const pool = await pools.pool(client.poolId);
  try {
    const response = await triggers.call('UserMigration', {
      source,
      poolId: pool.id,
      clientId: client.id,
      username: given,
      request: {
        ...(password !== undefined && { password }),
        validationData: null,
        ...(clientMetadata && { clientMetadata }),
      },
      response: {
        userAttributes: null,
        finalUserStatus: null,
        messageAction: null,
        desiredDeliveryMediums: null,
        forceAliasCreation: null,
      },
    });
    if (response.userAttributes === null) return undefined;
    const list = Object.entries(response.userAttributes)
      .filter(([Name]) => Name !== 'username')
      .map(([Name, Value]) => ({ Name, Value }));
    const { sub, username, attributes } = named(pool, given, attributesFrom(pool, list));
    const isConfirmed = response.finalUserStatus !== 'RESET_REQUIRED';
    return await accounts.add(
      pool,
      {
        sub,
        username,
        attributes: changed({}, attributes),
        status: isConfirmed ? 'CONFIRMED' : 'RESET_REQUIRED',
        ...(password !== undefined && { password: srpVerifier(pool, username, password) }),
      },
      response.forceAliasCreation ? 'take over' : 'refuse',
    );
  } catch (error) {
    // To the caller a migration that fails is a user that there is not.
    if (!(error instanceof CognitoError)) throw error;
    log.warn({ err: error }, 'a user was not migrated');
    return undefined;
  }
}
