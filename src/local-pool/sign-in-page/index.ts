import fastifyCookie from '@fastify/cookie';
import fastifyFormbody from '@fastify/formbody';
import type { FastifyInstance } from 'fastify';
import { notFound } from '../errors.js';
import type { Stores } from '../operation.js';
import { isStorable, type Sql } from '../sql.js';
import { AuthorizationCodeStore } from './authorization-code-store.js';
import { addAuthorize } from './authorize.js';
import { BrowserSessionStore } from './browser-session-store.js';
import { discoveryDocument } from './discovery.js';
import { addFormPage } from './form-page.js';
import { addLogout } from './logout.js';
import { pages } from './pages/index.js';
import { refuseBrowser, refuseClient } from './refusals.js';
import { addRevocation } from './revocation.js';
import { addTokenEndpoint } from './token-endpoint.js';
import { addUserInfo } from './user-info.js';
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
      async ({ params: { poolId } }) => {
        if (!isStorable(poolId)) throw notFound('There is no such user pool.');
        return discoveryDocument(endpoint(), (await stores.pools.pool(poolId)).id);
      },
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
