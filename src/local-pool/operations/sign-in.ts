import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Account } from '../account.js';
import { missingAttributes } from '../attributes.js';
import { type AuthFlow, allowsFlow } from '../client-settings.js';
import {
  CognitoError,
  invalidParameter,
  userDisabled,
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
type Parameters = z.infer<typeof initiateAuth>['AuthParameters'];

interface Flow {
  /** What a client has to allow. */
  readonly setting: AuthFlow;
  readonly run: (parameters: Parameters, client: PoolClient, stores: Stores) => Promise<object>;
}

const refreshFlow: Flow = { setting: 'REFRESH_TOKEN_AUTH', run: byRefreshToken };

const FLOWS: ReadonlyMap<string, Flow> = new Map<string, Flow>([
  ['USER_PASSWORD_AUTH', { setting: 'USER_PASSWORD_AUTH', run: byPassword }],
  ['REFRESH_TOKEN_AUTH', refreshFlow],
  ['REFRESH_TOKEN', refreshFlow],
]);

export const signInOperations = {
  InitiateAuth: operation('public', initiateAuth, async (input, stores) => {
    const { AuthFlow, AuthParameters, ClientId } = input;
    const client = await stores.pools.client(ClientId);
    const flow = FLOWS.get(AuthFlow);
    if (flow === undefined) throw invalidParameter('Initiate Auth method not supported.');
    if (!allowsFlow(client.settings, flow.setting))
      throw invalidParameter(`${AuthFlow} flow not enabled for this client`);
    return flow.run(AuthParameters, client, stores);
  }),
};

async function byPassword(parameters: Parameters, client: PoolClient, stores: Stores) {
  const username = required(parameters, 'USERNAME');
  const password = required(parameters, 'PASSWORD');
  const pool = await stores.pools.pool(client.poolId);
  const account = await stores.accounts.find(pool, username);
  // Before anything is refused: the time until then must not tell whether there is such a user.
  const isRight = isPassword(account?.srp, pool, account?.username ?? username, password);
  if (account === undefined) throw unknownUser(client);
  if (!isRight) throw wrongCredentials();
  refuseState(account);
  if (account.status === 'FORCE_CHANGE_PASSWORD') return newPasswordRequired(pool, account);
  return {
    AuthenticationResult: await stores.tokens.signIn(account, client),
    ChallengeParameters: {},
  };
}

async function byRefreshToken(parameters: Parameters, client: PoolClient, { tokens }: Stores) {
  return {
    AuthenticationResult: await tokens.refresh(required(parameters, 'REFRESH_TOKEN'), client),
    ChallengeParameters: {},
  };
}

/** @throws CognitoError InvalidParameterException */
function required(parameters: Parameters, parameter: string): string {
  const value = parameters[parameter];
  if (!value) throw invalidParameter(`Missing required parameter ${parameter}`);
  return value;
}

/** Where the client says so, an unknown name is answered as a wrong password is. */
function unknownUser({ settings }: PoolClient): CognitoError {
  return settings.PreventUserExistenceErrors === 'ENABLED' ? wrongCredentials() : userNotFound();
}

/** Only after the password was right: a stranger learns nothing of the account. */
function refuseState({ enabled, status }: Account): void {
  if (!enabled) throw userDisabled();
  if (status === 'UNCONFIRMED')
    throw new CognitoError('UserNotConfirmedException', 'User is not confirmed.');
  if (status === 'RESET_REQUIRED')
    throw new CognitoError(
      'PasswordResetRequiredException',
      'Password reset required for the user',
    );
}

function newPasswordRequired(pool: Pool, { username, attributes }: Account) {
  const missing = missingAttributes(pool, attributes).map((name) => `userAttributes.${name}`);
  return {
    ChallengeName: 'NEW_PASSWORD_REQUIRED',
    Session: randomUUID(),
    ChallengeParameters: {
      USER_ID_FOR_SRP: username,
      requiredAttributes: JSON.stringify(missing),
      userAttributes: JSON.stringify(attributes),
    },
  };
}
