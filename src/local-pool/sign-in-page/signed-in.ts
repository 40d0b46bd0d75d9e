import type { FastifyReply } from 'fastify';
import type { Account } from '../accounts/account.js';
import type { AuthorizationRequest } from './authorization-request.js';
import { setSessionCookie } from './cookies.js';
import type { PageParts } from './page-parts.js';
import { withQuery } from './parameters.js';
import { now } from './secret.js';

/** Begins a browser session for a person who has just shown who they are, and hands them to the client. */
export async function signedIn(
  account: Account,
  request: AuthorizationRequest,
  reply: FastifyReply,
  parts: PageParts,
): Promise<FastifyReply> {
  const authTime = now();
  setSessionCookie(reply, request.pool, await parts.sessions.begin(account, authTime));
  return handOver(account, authTime, request, reply, parts);
}

/** Sends a signed-in person back to the client with a code ("Authorize endpoint" in the developer guide). */
export async function handOver(
  account: Account,
  authTime: number,
  { client, redirectUri, scopes, nonce, codeChallenge, state }: AuthorizationRequest,
  reply: FastifyReply,
  { codes }: PageParts,
): Promise<FastifyReply> {
  const code = await codes.add(account, client, {
    redirectUri,
    scope: scopes.join(' '),
    nonce: nonce ?? null,
    codeChallenge: codeChallenge ?? null,
    authTime,
  });
  return reply.redirect(withQuery(redirectUri, { code, state }));
}
