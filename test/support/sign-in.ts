import { createHash, randomBytes } from 'node:crypto';
import {
  type CognitoIdentityProviderClient,
  InitiateAuthCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { z } from 'zod';
import { SEEDED_PASSWORD } from '../../src/local-pool/index.js';
import { Browser } from '../local-pool/sign-in-page/browser.js';
import { allowScopes } from './app-client.js';

const installation = z.object({
  poolId: z.string(),
  clientId: z.string(),
  machineClient: z.object({ clientId: z.string(), clientSecret: z.string() }),
});
export type Installation = z.infer<typeof installation>;

/** What a local pool tells of itself. */
export async function installationAt(endpoint: string): Promise<Installation> {
  const response = await fetch(`${endpoint}/local-pool`);
  return installation.parse(await response.json());
}

export interface SignInOptions extends Installation {
  readonly cognito: CognitoIdentityProviderClient;
  readonly endpoint: string;
}

/** How access tokens are got of a local pool, the same way as an application gets them. */
export class SignIn {
  readonly #options: SignInOptions;

  constructor(options: SignInOptions) {
    this.#options = options;
  }

  /** A person's, the shortest way that gives those scopes. */
  signIn(username: string, scopes?: readonly string[]): Promise<string> {
    return scopes === undefined ? this.byPassword(username) : this.#byPage(username, scopes);
  }

  /** A person's, by the AWS SDK. */
  async byPassword(username: string, password = SEEDED_PASSWORD): Promise<string> {
    const { cognito, clientId } = this.#options;
    const { AuthenticationResult } = await cognito.send(
      new InitiateAuthCommand({
        AuthFlow: 'USER_PASSWORD_AUTH',
        ClientId: clientId,
        AuthParameters: { USERNAME: username, PASSWORD: password },
      }),
    );
    if (!AuthenticationResult?.AccessToken) throw new Error(`${username} was not signed in.`);
    return AuthenticationResult.AccessToken;
  }

  /** A person's, by the sign-in page, where an application asks for scopes. */
  async #byPage(username: string, scopes: readonly string[]): Promise<string> {
    const { cognito, endpoint, poolId, clientId } = this.#options;
    const app = { cognito, UserPoolId: poolId, ClientId: clientId };
    const { CallbackURLs: [callback = ''] = [] } = await allowScopes(app, scopes);
    const verifier = randomBytes(32).toString('base64url');
    const request = new URLSearchParams({
      response_type: 'code',
      client_id: clientId,
      redirect_uri: callback,
      scope: scopes.join(' '),
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
    });
    const browser = new Browser(endpoint);
    const login = await browser.open(`/oauth2/authorize?${request}`);
    const { url } = await browser.submit(login, { username, password: SEEDED_PASSWORD });
    const code = new URL(url).searchParams.get('code');
    if (code === null) throw new Error(`${username} was not signed in, but is at ${url}.`);
    return this.#token({
      grant_type: 'authorization_code',
      client_id: clientId,
      redirect_uri: callback,
      code,
      code_verifier: verifier,
    });
  }

  /** A machine client's, by its secret. */
  async byClientCredentials(scopes: readonly string[]): Promise<string> {
    const { cognito, poolId, machineClient } = this.#options;
    const { clientId: ClientId, clientSecret } = machineClient;
    await allowScopes({ cognito, UserPoolId: poolId, ClientId }, scopes);
    return this.#token(
      { grant_type: 'client_credentials', scope: scopes.join(' ') },
      `Basic ${btoa(`${ClientId}:${clientSecret}`)}`,
    );
  }

  async #token(form: Readonly<Record<string, string>>, authorization?: string): Promise<string> {
    const response = await fetch(`${this.#options.endpoint}/oauth2/token`, {
      method: 'POST',
      headers: { ...(authorization && { authorization }) },
      body: new URLSearchParams(form),
    });
    const answer: unknown = await response.json();
    const { success, data } = z.object({ access_token: z.string() }).safeParse(answer);
    if (!success) throw new Error(`The local pool gave no token: ${JSON.stringify(answer)}`);
    return data.access_token;
  }
}
