import type { Pool, PoolClient, PoolStore } from '../pools/pool-store.js';
import { codeChallengeOf } from './code-challenge.js';
import { known } from './known.js';
import { OAuthError, RedirectedError } from './oauth-error.js';
import { type Parameters, withQuery } from './parameters.js';

/** A client's wish to have somebody signed in ("Authorize endpoint" in the developer guide). */
export interface AuthorizationRequest {
  readonly client: PoolClient;
  readonly pool: Pool;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  readonly state: string | undefined;
  readonly nonce: string | undefined;
  readonly codeChallenge: string | undefined;
  readonly loginHint: string | undefined;
  readonly prompts: readonly string[];
  /** As they were sent. */
  readonly parameters: Parameters;
}

/**
 * Reads and checks a request. Until the redirect URI is known to be the client's own, nobody is sent there.
 * @throws OAuthError for whoever looks at the page
 * @throws RedirectedError for the client
 */
export async function authorizationRequest(
  parameters: Parameters,
  pools: PoolStore,
): Promise<AuthorizationRequest> {
  const client = await clientOf(parameters, pools);
  const redirectUri = redirectUriOf(parameters, client);
  const state = parameters.get('state');
  try {
    checkResponseType(parameters, client);
    return {
      client,
      pool: await pools.pool(client.poolId),
      redirectUri,
      scopes: scopesOf(parameters, client),
      state,
      nonce: parameters.get('nonce'),
      codeChallenge: codeChallengeOf(parameters),
      loginHint: parameters.get('login_hint'),
      prompts: promptsOf(parameters),
      parameters,
    };
  } catch (error) {
    if (error instanceof OAuthError) throw new RedirectedError(error, redirectUri, state);
    throw error;
  }
}

/** The client that a request names. @throws OAuthError invalid_request, invalid_client */
export async function clientOf(parameters: Parameters, pools: PoolStore): Promise<PoolClient> {
  const id = parameters.get('client_id');
  if (id === undefined) throw new OAuthError('invalid_request', 'The client_id is missing.');
  const client = await known(pools.client(id));
  if (client === undefined) throw new OAuthError('invalid_client', `There is no app client ${id}.`);
  return client;
}

/** Compared letter by letter (RFC 9700 section 2.1). */
function redirectUriOf(parameters: Parameters, { settings }: PoolClient): string {
  const uri = parameters.get('redirect_uri') ?? settings.DefaultRedirectURI;
  if (uri === undefined) throw new OAuthError('invalid_request', 'The redirect_uri is missing.');
  if (!settings.CallbackURLs.includes(uri))
    throw new OAuthError(
      'redirect_mismatch',
      `The redirect_uri ${uri} is none of the app client's callback URLs.`,
    );
  return uri;
}

function checkResponseType(parameters: Parameters, { settings }: PoolClient): void {
  const type = parameters.get('response_type');
  if (type === undefined) throw new OAuthError('invalid_request', 'The response_type is missing.');
  if (type !== 'code')
    throw new OAuthError('unsupported_response_type', 'The response_type has to be code.');
  if (!settings.AllowedOAuthFlowsUserPoolClient || !settings.AllowedOAuthFlows.includes('code'))
    throw new OAuthError('unauthorized_client', 'The app client does not allow the code flow.');
}

/** The scopes that are asked for; all that the client allows where none is. */
function scopesOf(parameters: Parameters, { settings }: PoolClient): readonly string[] {
  const given = parameters
    .get('scope')
    ?.split(' ')
    .filter((scope) => scope !== '');
  const scopes = [...new Set(given ?? settings.AllowedOAuthScopes)];
  const foreign = scopes.filter((scope) => !settings.AllowedOAuthScopes.includes(scope));
  if (scopes.length === 0 || foreign.length > 0)
    throw new OAuthError('invalid_scope', 'The app client does not allow the scope.');
  if (
    given !== undefined &&
    !scopes.includes('openid') &&
    scopes.some((scope) => OF_OPENID.includes(scope))
  )
    throw new OAuthError('invalid_scope', 'The scope openid has to be asked for as well.');
  return scopes;
}

/** Scopes that can be had with `openid` alone. */
const OF_OPENID: readonly string[] = ['email', 'phone', 'profile'];

function promptsOf(parameters: Parameters): readonly string[] {
  const prompts = parameters.get('prompt')?.split(' ') ?? [];
  if (prompts.includes('none') && prompts.length > 1)
    throw new OAuthError('invalid_request', 'The prompt none stands alone.');
  return prompts;
}

/** What goes along from page to page. */
const CARRIED = [
  'client_id',
  'redirect_uri',
  'response_type',
  'scope',
  'state',
  'nonce',
  'code_challenge',
  'code_challenge_method',
  'login_hint',
];

/** The address of a page for the same request. */
export function pageFor(
  path: string,
  parameters: Parameters,
  others: Readonly<Record<string, string | undefined>> = {},
): string {
  const carried = CARRIED.map((name) => [name, parameters.get(name)]);
  return withQuery(path, { ...Object.fromEntries(carried), ...others });
}
