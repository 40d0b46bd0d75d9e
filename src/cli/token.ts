import {
  CognitoIdentityProviderClient,
  InitiateAuthCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { z } from 'zod';
import { readConfig } from '../config.js';
import { SEEDED_PASSWORD } from '../local-pool/index.js';

const installation = z.object({
  poolId: z.string(),
  clientId: z.string(),
  people: z.array(z.object({ username: z.string(), email: z.string().optional() })),
});

/** Signs a seeded person in at the running local pool, through the AWS SDK, and prints the access token. */
export async function printToken(email: string, environment: NodeJS.ProcessEnv): Promise<void> {
  const { pools, localPoolPort } = readConfig(environment);
  if (pools.length > 0)
    throw new Error('This prints tokens of the local pool only; a pool is configured.');
  const endpoint = `http://127.0.0.1:${localPoolPort}`;
  const { clientId, people } = await installationAt(endpoint);
  // By user name: who has changed the e-mail address cannot sign in by the old one.
  const username = people.find((person) => person.email === email)?.username ?? email;
  const client = new CognitoIdentityProviderClient({
    region: 'us-east-1',
    endpoint,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const { AuthenticationResult, ChallengeName } = await client.send(
    new InitiateAuthCommand({
      AuthFlow: 'USER_PASSWORD_AUTH',
      ClientId: clientId,
      AuthParameters: { USERNAME: username, PASSWORD: SEEDED_PASSWORD },
    }),
  );
  if (!AuthenticationResult?.AccessToken)
    throw new Error(`${email} has to do something first: ${ChallengeName ?? 'unknown'}.`);
  process.stdout.write(`${AuthenticationResult.AccessToken}\n`);
}

async function installationAt(endpoint: string) {
  try {
    const response = await fetch(`${endpoint}/local-pool`);
    return installation.parse(await response.json());
  } catch (cause) {
    throw new Error(
      `No local pool answers at ${endpoint}. ` +
        'Start the server first: npm start. If it runs, set LOCAL_POOL_PORT as it has it.',
      { cause },
    );
  }
}
