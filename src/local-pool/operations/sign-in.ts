import { z } from 'zod';
import { invalidParameter } from '../errors.js';
import { clientMetadata, ofPool, operation, type Stores } from '../operation.js';
import { allowsFlow } from '../pools/client-settings.js';
import type { PoolClient } from '../pools/pool-store.js';
import { checkSecret } from '../pools/secret-hash.js';
import { ANSWERS } from './sign-in-challenges.js';
import { FLOWS } from './sign-in-flows.js';

const parameters = z.record(z.string(), z.string()).default({});
const session = z.string().min(20).max(2048).optional();

const initiateAuth = z.object({
  ClientId: z.string(),
  AuthFlow: z.string(),
  AuthParameters: parameters,
  Session: session,
  ClientMetadata: clientMetadata,
});

const respondToAuthChallenge = z.object({
  ClientId: z.string(),
  ChallengeName: z.string(),
  ChallengeResponses: parameters,
  Session: session,
  ClientMetadata: clientMetadata,
});

/** Signing in: by the user's own client, and by a server that signs with AWS credentials. */
export const signInOperations = {
  InitiateAuth: operation('public', initiateAuth, async (input, stores) =>
    begun(input, await stores.pools.client(input.ClientId), 'public', stores),
  ),

  AdminInitiateAuth: operation('signed', ofPool.and(initiateAuth), async (input, stores) =>
    begun(input, await ownClient(input, stores), 'signed', stores),
  ),

  RespondToAuthChallenge: operation('public', respondToAuthChallenge, async (input, stores) =>
    answered(input, await stores.pools.client(input.ClientId), stores),
  ),

  AdminRespondToAuthChallenge: operation(
    'signed',
    ofPool.and(respondToAuthChallenge),
    async (input, stores) => answered(input, await ownClient(input, stores), stores),
  ),

  GetTokensFromRefreshToken: operation(
    'public',
    z.object({
      RefreshToken: z.string().min(1),
      ClientId: z.string(),
      ClientSecret: z.string().optional(),
      ClientMetadata: clientMetadata,
    }),
    async ({ RefreshToken, ClientId, ClientSecret, ClientMetadata }, { pools, tokens }) => {
      const client = await pools.client(ClientId);
      checkSecret(client, ClientSecret);
      return { AuthenticationResult: await tokens.refresh(RefreshToken, client, ClientMetadata) };
    },
  ),
};

async function ownClient(
  { UserPoolId, ClientId }: { readonly UserPoolId: string; readonly ClientId: string },
  { pools }: Stores,
): Promise<PoolClient> {
  return pools.clientOf(await pools.pool(UserPoolId), ClientId);
}

async function begun(
  input: z.infer<typeof initiateAuth>,
  client: PoolClient,
  caller: 'public' | 'signed',
  stores: Stores,
): Promise<object> {
  const flow = FLOWS.get(input.AuthFlow);
  if (flow === undefined || !flow.callers.includes(caller))
    throw invalidParameter('Initiate Auth method not supported.');
  if (!allowsFlow(client.settings, flow.setting))
    throw invalidParameter(`${input.AuthFlow} flow not enabled for this client`);
  return flow.run({
    client,
    parameters: input.AuthParameters,
    session: input.Session,
    clientMetadata: input.ClientMetadata,
    stores,
  });
}

async function answered(
  input: z.infer<typeof respondToAuthChallenge>,
  client: PoolClient,
  stores: Stores,
): Promise<object> {
  const answer = ANSWERS.get(input.ChallengeName);
  if (answer === undefined)
    throw invalidParameter(`The challenge ${input.ChallengeName} is not supported here.`);
  return answer({
    client,
    parameters: input.ChallengeResponses,
    session: input.Session,
    clientMetadata: input.ClientMetadata,
    stores,
  });
}
