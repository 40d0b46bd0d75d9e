import {
  AdminCreateUserCommand,
  AdminSetUserPasswordCommand,
  type AuthenticationResultType,
  CognitoIdentityProviderClient,
  InitiateAuthCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { z } from 'zod';
import { SEEDED_PASSWORD } from '../../src/local-pool/index.js';

const installation = z.object({ poolId: z.string(), clientId: z.string() });

/** A running local pool, through the AWS SDK. */
export interface PoolClient {
  readonly cognito: CognitoIdentityProviderClient;
  readonly poolId: string;
  readonly clientId: string;
  signInWith(username: string, password: string): Promise<AuthenticationResultType>;
  /** An access token of a seeded person, or of one added here. */
  signIn(username: string): Promise<string>;
  /** Adds a confirmed person with the password of the seeded ones. */
  addPerson(username: string): Promise<void>;
  close(): void;
}

export async function poolClient(endpoint: string): Promise<PoolClient> {
  const response = await fetch(`${endpoint}/local-pool`);
  const { poolId, clientId } = installation.parse(await response.json());
  const cognito = new CognitoIdentityProviderClient({
    region: 'us-east-1',
    endpoint,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });

  async function signInWith(USERNAME: string, PASSWORD: string): Promise<AuthenticationResultType> {
    const { AuthenticationResult } = await cognito.send(
      new InitiateAuthCommand({
        AuthFlow: 'USER_PASSWORD_AUTH',
        ClientId: clientId,
        AuthParameters: { USERNAME, PASSWORD },
      }),
    );
    if (!AuthenticationResult) throw new Error('The sign-in is not over.');
    return AuthenticationResult;
  }

  return {
    cognito,
    poolId,
    clientId,
    signInWith,
    signIn: async (username) =>
      (await signInWith(username, SEEDED_PASSWORD)).AccessToken ?? 'no token',
    addPerson: async (Username) => {
      const ofUser = { UserPoolId: poolId, Username };
      await cognito.send(new AdminCreateUserCommand({ ...ofUser, MessageAction: 'SUPPRESS' }));
      await cognito.send(
        new AdminSetUserPasswordCommand({ ...ofUser, Password: SEEDED_PASSWORD, Permanent: true }),
      );
    },
    close: () => cognito.destroy(),
  };
}
