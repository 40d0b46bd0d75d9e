import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { CognitoError } from '../errors.js';
import type { Stores } from '../operation.js';
import type { Sql } from '../sql.js';
import type { Installation } from '../tokens/installation.js';
import { agedTokens, tokensOf } from './aged-tokens.js';
import { description } from './description.js';
import { faultSettings } from './fault-settings.js';
import type { Faults } from './faults.js';
import { InputError, inputOf } from './input.js';
import { MAILBOX_POLICY, mailboxPage } from './mailbox-page.js';

export type { FaultSettings } from './fault-settings.js';
export { Faults } from './faults.js';

export interface DevelopmentParts {
  readonly sql: Sql;
  readonly stores: Stores;
  readonly installation: Installation;
  readonly faults: Faults;
}

/** What Cognito does not have: a description, the mailbox, fault switches, new keys, tokens of any age. */
export function addDevelopment(app: FastifyInstance, parts: DevelopmentParts): void {
  const { sql, stores, installation, faults } = parts;
  app.addHook('preClose', async () => faults.release());
  // A scope of its own: these routes speak plain JSON, and errors are worded for people.
  app.register(async (scope) => {
    scope.addContentTypeParser('application/json', { parseAs: 'string' }, parseJson);
    scope.setErrorHandler((error, _request, reply) => refuse(error, reply, stores));
    scope.addHook('onSend', async (_request, reply) => {
      reply.header('cache-control', 'no-store');
    });

    scope.get('/local-pool', () => description({ sql, pools: stores.pools, installation }));

    scope.get('/local-pool/mailbox', (request, reply) => {
      const messages = stores.messages.sent;
      if (wantsJson(request)) return reply.send({ messages });
      return reply
        .type('text/html; charset=utf-8')
        .headers({ 'content-security-policy': MAILBOX_POLICY, 'x-content-type-options': 'nosniff' })
        .send(mailboxPage(messages));
    });
    scope.delete('/local-pool/mailbox', (_request, reply) => {
      stores.messages.clear();
      return reply.code(204).send();
    });

    scope.get('/local-pool/faults', async () => faults.settings);
    scope.put('/local-pool/faults', async ({ body }) => {
      faults.set(inputOf(faultSettings, body));
      return faults.settings;
    });
    scope.delete('/local-pool/faults', (_request, reply) => {
      faults.clear();
      return reply.code(204).send();
    });

    scope.post('/local-pool/jwks/rotate', async () => {
      const [signing, published] = await installation.rotate();
      return { signing: signing.kid, published: [signing.kid, published.kid] };
    });

    scope.post('/local-pool/tokens', ({ body }) =>
      tokensOf(inputOf(agedTokens, body), stores, sql),
    );
  });
}

function wantsJson({ headers }: FastifyRequest): boolean {
  const accepted = headers.accept ?? '';
  return accepted.includes('application/json') && !accepted.includes('text/html');
}

function parseJson(
  _request: FastifyRequest,
  body: string | Buffer,
  done: (error: Error | null, value?: unknown) => void,
): void {
  try {
    done(null, body.length === 0 ? undefined : JSON.parse(String(body)));
  } catch {
    done(new InputError(['The body is no JSON. Send JSON as application/json.']));
  }
}

/** In the shape of the API's errors, with the sentences one by one. */
function refuse(error: unknown, reply: FastifyReply, { log }: Stores): FastifyReply {
  const answer = (status: number, type: string, errors: readonly string[]) =>
    reply.code(status).send({ __type: type, message: errors.join(' '), errors });
  if (error instanceof InputError) return answer(400, 'InvalidParameterException', error.faults);
  if (error instanceof CognitoError) return answer(400, error.type, [error.message]);
  const status: unknown = Reflect.get(Object(error), 'statusCode');
  if (status === 403)
    return answer(403, 'NotAuthorizedException', [String(Reflect.get(Object(error), 'message'))]);
  if (typeof status === 'number' && status < 500)
    return answer(status, 'SerializationException', [
      'The body cannot be read. Send JSON as application/json, at most 128 KiB.',
    ]);
  log.error({ err: error }, 'the local pool failed');
  return answer(500, 'InternalErrorException', [
    'Something went wrong in the local pool. Its log tells what.',
  ]);
}
