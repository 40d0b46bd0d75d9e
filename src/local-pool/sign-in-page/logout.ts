import type { FastifyInstance } from 'fastify';
import type { PoolClient } from '../pools/pool-store.js';
import { authorizationRequest, clientOf, pageFor } from './authorization-request.js';
import { clearSessionCookie, sessionCookie } from './cookies.js';
import { OAuthError } from './oauth-error.js';
import type { PageParts } from './page-parts.js';
import { type Parameters, parametersOf } from './parameters.js';

/**
 * Ends the browser's session, and leads to the client's page for that, or to the login again ("Logout endpoint"
 * in the developer guide). Tokens stay good: ending those is the client's affair.
 */
export function addLogout(app: FastifyInstance, { stores, sessions }: PageParts): void {
  app.get('/logout', async (incoming, reply) => {
    const parameters = parametersOf(incoming.query);
    const client = await clientOf(parameters, stores.pools);
    const target =
      logoutUriOf(parameters, client) ??
      pageFor('/login', (await authorizationRequest(parameters, stores.pools)).parameters);
    const pool = await stores.pools.pool(client.poolId);
    const cookie = sessionCookie(incoming, pool);
    if (cookie !== undefined) await sessions.end(cookie);
    clearSessionCookie(reply, pool);
    return reply.redirect(target);
  });
}

/** Compared letter by letter. @throws OAuthError redirect_mismatch */
function logoutUriOf(parameters: Parameters, { settings }: PoolClient): string | undefined {
  const uri = parameters.get('logout_uri');
  if (uri === undefined || settings.LogoutURLs.includes(uri)) return uri;
  throw new OAuthError(
    'redirect_mismatch',
    `The logout_uri ${uri} is none of the app client's sign-out URLs.`,
  );
}
