import type { FastifyInstance } from 'fastify';
import { CognitoError } from '../errors.js';
import type { PoolClient } from '../pools/pool-store.js';
import type { IssuedTokens } from '../tokens/token-issuer.js';
import { authenticatedClient } from './client-authentication.js';
import { isVerifiedBy } from './code-challenge.js';
import { OAuthError } from './oauth-error.js';
import type { PageParts } from './page-parts.js';
import { type Parameters, parametersOf } from './parameters.js';

type GrantType = (client: PoolClient, form: Parameters, parts: PageParts) => Promise<IssuedTokens>;

const GRANT_TYPES: ReadonlyMap<string, GrantType> = new Map([
  ['authorization_code', byCode],
  ['refresh_token', byRefreshToken],
  ['client_credentials', byClientCredentials],
]);

/** Gives tokens for a code, a refresh token or a client's secret ("Token endpoint" in the developer guide). */
export function addTokenEndpoint(app: FastifyInstance, parts: PageParts): void {
  app.post('/oauth2/token', async (incoming) => {
    const form = parametersOf(incoming.body);
    const client = await authenticatedClient(incoming, form, parts.stores.pools);
    const grantType = GRANT_TYPES.get(required(form, 'grant_type'));
    if (grantType === undefined)
      throw new OAuthError('unsupported_grant_type', 'The grant_type is not known here.');
    const tokens = await grantType(client, form, parts).catch((error: unknown) => {
      // The API's reasons are finer than those of OAuth.
      throw error instanceof CognitoError ? new OAuthError('invalid_grant', error.message) : error;
    });
    return {
      ...(tokens.IdToken !== undefined && { id_token: tokens.IdToken }),
      access_token: tokens.AccessToken,
      ...(tokens.RefreshToken !== undefined && { refresh_token: tokens.RefreshToken }),
      expires_in: tokens.ExpiresIn,
      token_type: tokens.TokenType,
    };
  });
}

async function byCode(
  client: PoolClient,
  form: Parameters,
  { stores, codes }: PageParts,
): Promise<IssuedTokens> {
  const code = required(form, 'code');
  const redirectUri = required(form, 'redirect_uri');
  refuseUnlessAllowed(client, 'code');
  const grant = await codes.redeem(client, code);
  if (grant?.redirectUri !== redirectUri) throw invalidCode();
  if (!isVerifiedBy(grant.codeChallenge, form.get('code_verifier'))) throw invalidCode();
  const account = await stores.accounts.bySub(await stores.pools.pool(client.poolId), grant.sub);
  const scopes = grant.scope.split(' ');
  const { IdToken, ...tokens } = await stores.tokens.signIn(account, client, {
    scopes,
    nonce: grant.nonce ?? undefined,
    authTime: grant.authTime,
    source: 'TokenGeneration_HostedAuth',
  });
  const begun = await stores.signIns.byRefreshToken(tokens.RefreshToken ?? '');
  if (begun === undefined || !(await codes.spent(code, begun.signIn))) throw invalidCode();
  return { ...tokens, ...(scopes.includes('openid') && IdToken !== undefined && { IdToken }) };
}

async function byRefreshToken(client: PoolClient, form: Parameters, { stores }: PageParts) {
  return stores.tokens.refresh(required(form, 'refresh_token'), client);
}

async function byClientCredentials(client: PoolClient, form: Parameters, { stores }: PageParts) {
  if (client.settings.ClientSecret === undefined)
    throw new OAuthError('unauthorized_client', 'The app client has no secret.');
  refuseUnlessAllowed(client, 'client_credentials');
  const existing = await stores.resourceServers.scopes(client.poolId);
  const allowed = client.settings.AllowedOAuthScopes.filter((scope) => existing.includes(scope));
  const given = form
    .get('scope')
    ?.split(' ')
    .filter((scope) => scope !== '');
  const scopes = [...new Set(given ?? allowed)];
  if (scopes.length === 0 || !scopes.every((scope) => allowed.includes(scope)))
    throw new OAuthError('invalid_scope', 'The app client does not allow the scope.');
  return stores.tokens.machine(client, scopes);
}

/** @throws OAuthError unauthorized_client */
function refuseUnlessAllowed(
  { settings }: PoolClient,
  flow: PoolClient['settings']['AllowedOAuthFlows'][number],
): void {
  if (!settings.AllowedOAuthFlowsUserPoolClient || !settings.AllowedOAuthFlows.includes(flow))
    throw new OAuthError('unauthorized_client', `The app client does not allow ${flow}.`);
}

/** @throws OAuthError invalid_request */
function required(form: Parameters, name: string): string {
  const value = form.get(name);
  if (value === undefined) throw new OAuthError('invalid_request', `The ${name} is missing.`);
  return value;
}

/** One answer for all that can be wrong with a code. */
const invalidCode = () => new OAuthError('invalid_grant', 'The code is not good.');
