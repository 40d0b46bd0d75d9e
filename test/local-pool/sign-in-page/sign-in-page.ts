import { createHash, randomBytes } from 'node:crypto';
import {
  AdminGetUserCommand,
  CreateResourceServerCommand,
  CreateUserPoolClientCommand,
  type CreateUserPoolClientCommandInput,
  type CreateUserPoolCommandInput,
} from '@aws-sdk/client-cognito-identity-provider';
import type { TriggerSet } from '../../../src/local-pool/index.js';
import { PASSWORD, type Place, startTestPool, type TestPool } from '../test-pool.js';
import { Browser, type Shown } from './browser.js';

export const CALLBACK = 'https://app.example.com/callback';
export const LOGGED_OUT = 'https://app.example.com/bye';

/** The settings of a client that signs in at the page. */
export const WITH_PAGE = {
  AllowedOAuthFlowsUserPoolClient: true,
  AllowedOAuthFlows: ['code'],
  AllowedOAuthScopes: ['openid', 'email', 'profile', 'phone', 'aws.cognito.signin.user.admin'],
  CallbackURLs: [CALLBACK, 'http://127.0.0.1:4000/graphql?view=1', 'myapp://signed-in'],
  LogoutURLs: [LOGGED_OUT],
} satisfies Partial<CreateUserPoolClientCommandInput>;

export interface Confidential extends Place {
  readonly secret: string;
}

/** A pool with the page, and a client that signs in there. */
export interface SignInPage {
  readonly pool: TestPool;
  readonly place: Place;
  browser(): Browser;
  /** The address of an authorization request; a parameter that is undefined is left out. */
  authorize(parameters?: Readonly<Record<string, string | undefined>>, place?: Place): string;
  /** The address of another page of such a request. */
  at(
    path: string,
    parameters?: Readonly<Record<string, string | undefined>>,
    place?: Place,
  ): string;
  /** Opens the login and sends it. */
  login(
    browser: Browser,
    username: string,
    parameters?: Readonly<Record<string, string | undefined>>,
    password?: string,
  ): Promise<Shown>;
  /** The code that a person's sign-in gives the client. */
  code(
    username: string,
    parameters?: Readonly<Record<string, string | undefined>>,
  ): Promise<string>;
  token(form: Readonly<Record<string, string>>, authorization?: string): Promise<TokenAnswer>;
  /** A further client of the pool, with a secret. */
  confidential(settings?: Partial<CreateUserPoolClientCommandInput>): Promise<Confidential>;
  /** The newest code that was sent to an address. */
  sentCode(destination: string): string;
}

export interface TokenAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Readonly<Record<string, string>>;
}

export async function startSignInPage(
  poolSettings: Partial<CreateUserPoolCommandInput> = {},
  triggers: TriggerSet = {},
): Promise<SignInPage> {
  const pool = await startTestPool(triggers);
  const place = await pool.place(poolSettings, WITH_PAGE);
  const { endpoint } = pool.localPool;
  const authorize: SignInPage['authorize'] = (parameters = {}, { clientId } = place) =>
    `/oauth2/authorize?${queryOf({
      response_type: 'code',
      client_id: clientId,
      redirect_uri: CALLBACK,
      ...parameters,
    })}`;
  const login: SignInPage['login'] = async (browser, username, parameters, password = PASSWORD) =>
    browser.submit(await browser.open(authorize(parameters)), { username, password });
  return {
    pool,
    place,
    at: (path, parameters, at) => authorize(parameters, at).replace('/oauth2/authorize', path),
    browser: () => new Browser(endpoint),
    authorize,
    login,
    async code(username, parameters) {
      const { url } = await login(new Browser(endpoint), username, parameters);
      return new URL(url).searchParams.get('code') ?? '';
    },
    async token(form, authorization) {
      const response = await fetch(`${endpoint}/oauth2/token`, {
        method: 'POST',
        body: new URLSearchParams(form),
        headers: { ...(authorization !== undefined && { authorization }) },
      });
      const { status, headers } = response;
      return { status, headers, body: JSON.parse(await response.text()) };
    },
    async confidential(settings = {}) {
      const { UserPoolClient } = await pool.cognito.send(
        new CreateUserPoolClientCommand({
          UserPoolId: place.poolId,
          ClientName: 'confidential',
          GenerateSecret: true,
          ...settings,
        }),
      );
      const { ClientId = '', ClientSecret = '' } = UserPoolClient ?? {};
      return { poolId: place.poolId, clientId: ClientId, secret: ClientSecret };
    },
    sentCode(destination) {
      const line = pool.logged.findLast((message) => message.endsWith(` for ${destination}`));
      return /^code (\d{6}) /.exec(line ?? '')?.[1] ?? 'none';
    },
  };
}

/** A resource server with the scopes `read` and `write`. */
export async function addResourceServer({ pool, place }: SignInPage, Identifier: string) {
  await pool.cognito.send(
    new CreateResourceServerCommand({
      UserPoolId: place.poolId,
      Identifier,
      Name: Identifier,
      Scopes: ['read', 'write'].map((ScopeName) => ({ ScopeName, ScopeDescription: ScopeName })),
    }),
  );
}

/** Whether a browser was sent back to the client with a code. */
export function isSignedIn({ url }: Shown): boolean {
  return url.startsWith(`${CALLBACK}?code=`);
}

/** UserStatus of the API. */
export async function statusOf({ pool, place }: SignInPage, Username: string) {
  const { UserStatus } = await pool.cognito.send(
    new AdminGetUserCommand({ UserPoolId: place.poolId, Username }),
  );
  return UserStatus;
}

export function basic(id: string, secret: string): string {
  return `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
}

export function newPkce() {
  const verifier = randomBytes(32).toString('base64url');
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  return { verifier, challenge: { code_challenge: challenge, code_challenge_method: 'S256' } };
}

function queryOf(parameters: Readonly<Record<string, string | undefined>>): string {
  return Object.entries(parameters)
    .flatMap(([name, value]) =>
      value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
    )
    .join('&');
}
