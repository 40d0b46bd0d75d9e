import { z } from 'zod';
import { PoolError, poolRequest } from './pool-request.ts';
import type { Session } from './session.ts';

const person = z.object({
  username: z.string(),
  email: z.string().optional(),
  group: z.string().optional(),
  state: z.string().optional(),
});
const description = z.object({
  clientId: z.string(),
  otherClientId: z.string().optional(),
  machineClient: z
    .object({ clientId: z.string(), clientSecret: z.string(), scopes: z.array(z.string()) })
    .optional(),
  password: z.string().default('Lifeguard1!'),
  people: z.array(person).default([]),
});
const issued = z.object({
  AccessToken: z.string(),
  IdToken: z.string().optional(),
  RefreshToken: z.string().optional(),
});
const authenticated = z.object({
  AuthenticationResult: issued.optional(),
  ChallengeName: z.string().optional(),
});
const granted = z.object({ access_token: z.string() });

export type Person = z.infer<typeof person>;
export type Description = z.infer<typeof description>;

/** The embedded pool, spoken to as any application would, and its seeded people. */
export class LocalPool {
  readonly endpoint: string;
  #description: Promise<Description> | undefined;

  constructor(endpoint: string) {
    this.endpoint = endpoint;
  }

  /** Asked for once; again after it failed. @throws PoolError */
  describe(): Promise<Description> {
    this.#description ??= poolRequest(`${this.endpoint}/local-pool`).then(
      (answer) => description.parse(answer),
      (error: unknown) => {
        this.#description = undefined;
        throw error;
      },
    );
    return this.#description;
  }

  /** The user name of a seeded person; what is given where it is no e-mail address of one. @throws PoolError */
  async usernameOf(name: string): Promise<string> {
    const { people } = await this.describe();
    return people.find(({ email }) => email === name)?.username ?? name;
  }

  /** Signs a seeded person in with the password that all of them have. @throws PoolError */
  async signIn(name: string): Promise<Session> {
    const { clientId, password } = await this.describe();
    // By user name: who has changed the e-mail address cannot sign in by the old one.
    const username = await this.usernameOf(name);
    const { AuthenticationResult: tokens, ChallengeName } = await this.#initiateAuth({
      AuthFlow: 'USER_PASSWORD_AUTH',
      ClientId: clientId,
      AuthParameters: { USERNAME: username, PASSWORD: password },
    });
    if (tokens === undefined)
      throw new PoolError(`The pool answers ${ChallengeName}: use the sign-in page.`);
    return { source: 'one click', name, ...sessionTokens(tokens) };
  }

  /** A session with new tokens. @throws PoolError */
  async refresh(session: Session): Promise<Session> {
    if (session.source === 'machine client') return this.signInMachine();
    const { clientId } = await this.describe();
    const { AuthenticationResult: tokens } = await this.#initiateAuth({
      AuthFlow: 'REFRESH_TOKEN_AUTH',
      ClientId: clientId,
      AuthParameters: { REFRESH_TOKEN: session.refreshToken ?? '' },
    });
    if (tokens === undefined) throw new PoolError('The pool gave no new token.');
    return { ...session, ...sessionTokens(tokens) };
  }

  /** The client credentials grant (RFC 6749, section 4.4). @throws PoolError */
  async signInMachine(): Promise<Session> {
    const { machineClient } = await this.describe();
    if (machineClient === undefined) throw new PoolError('The local pool has no machine client.');
    const { clientId, clientSecret, scopes } = machineClient;
    const answer = await poolRequest(`${this.endpoint}/oauth2/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}` },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope: scopes.join(' ') }),
    });
    const { access_token: accessToken } = granted.parse(answer);
    return { source: 'machine client', name: 'Machine client', accessToken };
  }

  /** Tokens of a sign-in that began `issuedAgo` seconds ago, or at another app client. @throws PoolError */
  async issue(order: { username: string; clientId?: string; issuedAgo?: number }) {
    const answer = await poolRequest(
      `${this.endpoint}/local-pool/tokens`,
      jsonRequest('POST', order),
    );
    return sessionTokens(issued.parse(answer));
  }

  async #initiateAuth(input: object) {
    const answer = await poolRequest(`${this.endpoint}/`, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'AWSCognitoIdentityProviderService.InitiateAuth',
      },
      body: JSON.stringify(input),
    });
    return authenticated.parse(answer);
  }
}

export function jsonRequest(method: 'POST' | 'PUT', body: unknown): RequestInit {
  return { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** Without a new refresh token the old one stays. */
function sessionTokens({ AccessToken, IdToken, RefreshToken }: z.infer<typeof issued>) {
  return {
    accessToken: AccessToken,
    ...(IdToken !== undefined && { idToken: IdToken }),
    ...(RefreshToken !== undefined && { refreshToken: RefreshToken }),
  };
}
