import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Account } from '../accounts/account.js';
import {
  type AuthorizationRequest,
  authorizationRequest,
  pageFor,
} from './authorization-request.js';
import { sessionCookie } from './cookies.js';
import { known } from './known.js';
import { OAuthError, RedirectedError } from './oauth-error.js';
import type { PageParts } from './page-parts.js';
import { parametersOf } from './parameters.js';
import { handOver } from './signed-in.js';

/** Where clients send their users: on to the client where the browser is signed in, else to the login. */
export function addAuthorize(app: FastifyInstance, parts: PageParts): void {
  app.get('/oauth2/authorize', async (incoming, reply) => {
    const request = await authorizationRequest(parametersOf(incoming.query), parts.stores.pools);
    const { prompts, redirectUri, state, parameters } = request;
    const present = isAskedAgain(prompts)
      ? undefined
      : await presentPerson(incoming, request, parts);
    if (present !== undefined)
      return handOver(present.account, present.authTime, request, reply, parts);
    if (prompts.includes('none'))
      throw new RedirectedError(
        new OAuthError('login_required', 'Nobody is signed in.'),
        redirectUri,
        state,
      );
    return reply.redirect(pageFor('/login', parameters));
  });
}

function isAskedAgain(prompts: readonly string[]): boolean {
  return prompts.includes('login') || prompts.includes('select_account');
}

interface PresentPerson {
  readonly account: Account;
  /** Seconds since the epoch. */
  readonly authTime: number;
}

/** Who is signed in at the browser, if they still may be. */
async function presentPerson(
  incoming: FastifyRequest,
  { pool }: AuthorizationRequest,
  { stores, sessions }: PageParts,
): Promise<PresentPerson | undefined> {
  const cookie = sessionCookie(incoming, pool);
  const session = cookie === undefined ? undefined : await sessions.find(pool.id, cookie);
  if (session === undefined) return undefined;
  const account = await known(stores.accounts.bySub(pool, session.sub));
  if (account === undefined || !account.enabled || account.status !== 'CONFIRMED') return undefined;
  return { account, authTime: session.authTime };
}
