import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Account } from '../account-store.js';
import { srpIdentity } from '../attributes.js';
import {
  CognitoError,
  invalidParameter,
  notAuthorized,
  userNotFound,
  wrongCredentials,
} from '../errors.js';
import { operation, type Stores } from '../operation.js';
import type { Pool, PoolClient } from '../pool-store.js';
import { isPassword } from '../srp.js';

const initiateAuth = z.object({
  ClientId: z.string(),
  AuthFlow: z.string(),
  AuthParameters: z.record(z.string(), z.string()).default({}),
});
type InitiateAuth = z.infer<typeof initiateAuth>;

/** Each flow with the client setting that allows it, and what it does. */
const FLOWS: Readonly<
  Record<
    string,
    readonly [
      allowedBy: string,
      (input: InitiateAuth, client: PoolClient, stores: Stores) => Promise<object>,
    ]
  >
> = {
  USER_PASSWORD_AUTH: ['ALLOW_USER_PASSWORD_AUTH', byPassword],
  REFRESH_TOKEN_AUTH: ['ALLOW_REFRESH_TOKEN_AUTH', byRefreshToken],
  REFRESH_TOKEN: ['ALLOW_REFRESH_TOKEN_AUTH', byRefreshToken],
};

export const signInOperations = {
  InitiateAuth: operation('public', initiateAuth, async (input, stores) => {
    const client = await stores.pools.client(input.ClientId);
    const flow = FLOWS[input.AuthFlow];
    if (flow === undefined) throw invalidParameter('Initiate Auth method not supported.');
    const [allowedBy, run] = flow;
    if (!client.settings.ExplicitAuthFlows.includes(allowedBy))
      throw invalidParameter(`${input.AuthFlow} flow not enabled for this client`);
    return run(input, client, stores);
  }),

  RevokeToken: operation(
    'public',
    z.object({ Token: z.string(), ClientId: z.string() }),
    async ({ Token, ClientId }, { pools, tokens }) => {
      const client = await pools.client(ClientId);
      if (!client.settings.EnableTokenRevocation)
        throw new CognitoError(
          'UnsupportedOperationException',
          'Token revocation is not enabled for this client.',
        );
      await tokens.revoke(Token, client.id);
      return {};
    },
  ),
};

async function byPassword(
  { AuthParameters }: InitiateAuth,
  client: PoolClient,
  stores: Stores,
): Promise<object> {
  const { USERNAME, PASSWORD } = AuthParameters;
  if (!USERNAME) throw invalidParameter('Missing required parameter USERNAME');
  if (!PASSWORD) throw invalidParameter('Missing required parameter PASSWORD');
  const pool = await stores.pools.pool(client.poolId);
  const account = await knownAccount(pool, client, USERNAME, stores);
  if (
    account.srp === undefined ||
    !isPassword(account.srp, srpIdentity(pool, account.username), PASSWORD)
  )
    throw wrongCredentials();
  refuseState(account);
  if (account.status === 'FORCE_CHANGE_PASSWORD')
    return {
      ChallengeName: 'NEW_PASSWORD_REQUIRED',
      Session: randomUUID(),
      ChallengeParameters: {
        USER_ID_FOR_SRP: account.username,
        requiredAttributes: '[]',
        userAttributes: JSON.stringify(account.attributes),
      },
    };
  return {
    AuthenticationResult: await stores.tokens.signIn(account, client),
    ChallengeParameters: {},
  };
}

async function byRefreshToken(
  { AuthParameters }: InitiateAuth,
  client: PoolClient,
  { tokens }: Stores,
): Promise<object> {
  const { REFRESH_TOKEN } = AuthParameters;
  if (!REFRESH_TOKEN) throw invalidParameter('Missing required parameter REFRESH_TOKEN');
  return {
    AuthenticationResult: await tokens.refresh(REFRESH_TOKEN, client),
    ChallengeParameters: {},
  };
}

/** Where the client says so, an unknown name answers as a wrong password does. */
async function knownAccount(
  pool: Pool,
  client: PoolClient,
  name: string,
  { accounts }: Stores,
): Promise<Account> {
  try {
    return await accounts.account(pool, name);
  } catch (error) {
    if (!(error instanceof CognitoError)) throw error;
    throw client.settings.PreventUserExistenceErrors === 'ENABLED'
      ? wrongCredentials()
      : userNotFound();
  }
}

function refuseState(account: Account): void {
  if (!account.enabled) throw notAuthorized('User is disabled.');
  if (account.status === 'UNCONFIRMED')
    throw new CognitoError('UserNotConfirmedException', 'User is not confirmed.');
  if (account.status === 'RESET_REQUIRED')
    throw new CognitoError(
      'PasswordResetRequiredException',
      'Password reset required for the user',
    );
}
