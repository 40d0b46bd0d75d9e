import type { FastifyReply } from 'fastify';
import { CognitoError } from '../errors.js';
import type { Stores } from '../operation.js';
import { OAuthError, RedirectedError } from './oauth-error.js';
import { withQuery } from './parameters.js';
import { send } from './send-page.js';
import { errorPage } from './views/error.js';

/** What a browser gets for a request that cannot be answered: its client's page, or one of ours. */
export function refuseBrowser(error: unknown, reply: FastifyReply, { log }: Stores): FastifyReply {
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

/** What a client gets at its own endpoints (RFC 6749 section 5.2; Cognito has 400 for `invalid_client` too). */
export function refuseClient(error: unknown, reply: FastifyReply, { log }: Stores): FastifyReply {
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
