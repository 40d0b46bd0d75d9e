import fastifyCookie from '@fastify/cookie';
import fastifyFormbody from '@fastify/formbody';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { CognitoError } from '../errors.js';
import type { Stores } from '../operation.js';
import type { Sql } from '../sql.js';
import { AuthorizationCodeStore } from './authorization-code-store.js';
import { addAuthorize } from './authorize.js';
import { BrowserSessionStore } from './browser-session-store.js';
import { discoveryDocument } from './discovery.js';
import { addFormPage } from './form-page.js';
import { addLogout } from './logout.js';
import { OAuthError, RedirectedError } from './oauth-error.js';
import { pages } from './pages/index.js';
import { withQuery } from './parameters.js';
import { addRevocation } from './revocation.js';
import { send } from './send-page.js';
import { addTokenEndpoint } from './token-endpoint.js';
import { addUserInfo } from './user-info.js';
import { errorPage } from './views/error.js';
import { STYLESHEET } from './views/layout.js';
import { stylesheet } from './views/stylesheet.js';

export interface SignInPageParts {
  readonly stores: Stores;
  readonly sql: Sql;
  /** Known once the port is. */
  readonly endpoint: () => string;
}

/** The pages and endpoints that Cognito has at a pool's domain, for all pools: the client id names the pool. */
export async function addSignInPage(app: FastifyInstance, parts: SignInPageParts): Promise<void> {
  const { stores, sql, endpoint } = parts;
  const codes = new AuthorizationCodeStore(sql);
  const sessions = new BrowserSessionStore(sql);
  const pageParts = { stores, codes, sessions };
  await app.register(async (all) => {
    await all.register(fastifyCookie);
    await all.register(fastifyFormbody);
    all.addHook('onSend', async (_request, reply) => {
      reply.headers({
        // A page's own form sends its origin under this policy; under no-referrer it would send `null`.
        'referrer-policy': 'same-origin',
        'x-content-type-options': 'nosniff',
      });
      if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store');
    });
    all.get<{ Params: { poolId: string } }>(
      '/:poolId/.well-known/openid-configuration',
      async ({ params: { poolId } }) =>
        discoveryDocument(endpoint(), (await stores.pools.pool(poolId)).id),
    );
    all.get(STYLESHEET, async (_request, reply) =>
      reply.type('text/css; charset=utf-8').header('cache-control', 'max-age=600').send(stylesheet),
    );
    await all.register(async (browser) => {
      browser.setErrorHandler((error, _request, reply) => refuseBrowser(error, reply, stores));
      addAuthorize(browser, pageParts);
      addLogout(browser, pageParts);
      for (const page of pages) addFormPage(browser, page, pageParts);
    });
    await all.register(async (client) => {
      client.setErrorHandler((error, _request, reply) => refuseClient(error, reply, stores));
      addTokenEndpoint(client, pageParts);
      addUserInfo(client, pageParts);
      addRevocation(client, pageParts);
    });
  });
}

function refuseBrowser(error: unknown, reply: FastifyReply, { log }: Stores): FastifyReply {
  if (error instanceof RedirectedError) {
    const { redirectUri, state, error: reason } = error;
    return reply.redirect(
      withQuery(redirectUri, { error: reason.code, error_description: reason.message, state }),
    );
  }
  if (error instanceof OAuthError)
    return send(reply.code(400), errorPage(error.code, error.message));
  if (error instanceof CognitoError)
    return send(reply.code(400), errorPage(error.type, error.message));
  const status = statusOf(error);
  if (status >= 500) log.error({ err: error }, 'the sign-in page failed');
  return send(reply.code(status), errorPage(String(status), REFUSED));
}

function refuseClient(error: unknown, reply: FastifyReply, { log }: Stores): FastifyReply {
  if (error instanceof OAuthError)
    return reply.code(400).send({ error: error.code, error_description: error.message });
  const status = statusOf(error);
  if (status < 500) return reply.code(status).send({ error: 'invalid_request' });
  log.error({ err: error }, 'the sign-in page failed');
  return reply.code(status).send({ error: 'server_error' });
}

const REFUSED = 'The request cannot be answered.';

/** Of what Fastify and the hooks throw. */
function statusOf(error: unknown): number {
  const status: unknown = Reflect.get(Object(error), 'statusCode');
  return typeof status === 'number' ? status : 500;
}
