import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Pool } from '../pools/pool-store.js';
import { SESSION_LIFETIME } from './browser-session-store.js';
import { newSecret } from './secret.js';

const SECRET = /^[\w-]{43}$/;
const OPTIONS = { path: '/', httpOnly: true, sameSite: 'lax' } as const;

/** Cognito's names, each with the pool: cookies of 127.0.0.1 are shared by all of its ports. */
const sessionName = ({ id }: Pool) => `cognito-${id}`;
const csrfName = ({ id }: Pool) => `XSRF-TOKEN-${id}`;

export function sessionCookie({ cookies }: FastifyRequest, pool: Pool): string | undefined {
  return cookies[sessionName(pool)];
}

export function setSessionCookie(reply: FastifyReply, pool: Pool, value: string): void {
  reply.setCookie(sessionName(pool), value, { ...OPTIONS, maxAge: SESSION_LIFETIME });
}

export function clearSessionCookie(reply: FastifyReply, pool: Pool): void {
  reply.clearCookie(sessionName(pool), OPTIONS);
}

/** The token that a form has to send back. The browser keeps it, so that forms of several tabs are good. */
export function csrfToken(request: FastifyRequest, reply: FastifyReply, pool: Pool): string {
  const kept = keptToken(request, pool);
  if (kept !== undefined) return kept;
  const token = newSecret();
  reply.setCookie(csrfName(pool), token, OPTIONS);
  return token;
}

/**
 * Whether a form was sent by a page of ours: with the token that the browser keeps for us, and from our own
 * origin. What listens at another port may set our cookies, but cannot send our origin.
 */
export function isOwnForm(request: FastifyRequest, pool: Pool, token: string | undefined): boolean {
  const { origin, host } = request.headers;
  const kept = keptToken(request, pool);
  return (
    kept !== undefined && kept === token && (origin === undefined || origin === `http://${host}`)
  );
}

function keptToken({ cookies }: FastifyRequest, pool: Pool): string | undefined {
  const token = cookies[csrfName(pool)];
  return token !== undefined && SECRET.test(token) ? token : undefined;
}
