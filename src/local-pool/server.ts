import { randomUUID } from 'node:crypto';
import cors from '@fastify/cors';
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import { addDevelopment, type DevelopmentParts } from './development/index.js';
import { CognitoError, notAuthorized, notFound } from './errors.js';
import type { Stores } from './operation.js';
import { operations } from './operations/index.js';
import { addSignInPage } from './sign-in-page/index.js';
import { isStorable } from './sql.js';
import { publicJwks } from './tokens/installation.js';

const TARGET = /^AWSCognitoIdentityProviderService\.(\w+)$/;
const CONTENT_TYPE = 'application/x-amz-json-1.1';
const LARGEST_BODY = 128 * 1024;
const LOOPBACK_HOST = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/i;
const LOOPBACK_ORIGIN = /^https?:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/i;

export interface ServerParts extends DevelopmentParts {
  /** Known once the port is. */
  readonly endpoint: () => string;
  readonly corsOrigins: readonly string[];
  /** Calls by operation, counted here. */
  readonly calls: Map<string, number>;
}

/** Cognito's JSON protocol (AWS JSON 1.1), the keys of every pool, and what helps in development. */
export async function createPoolServer(parts: ServerParts): Promise<FastifyInstance> {
  const app = fastify({ bodyLimit: LARGEST_BODY, forceCloseConnections: true });
  app.addHook('onRequest', async (request) => refuseForeign(request, parts.corsOrigins));
  app.addHook('onSend', async (_request, reply) => {
    // By itself Node.js would give the clock of the machine.
    reply.header('date', parts.faults.time.toUTCString());
  });
  await app.register(cors, {
    origin: true,
    methods: ['GET', 'POST', 'PUT', 'DELETE'],
    exposedHeaders: ['Date', 'x-amzn-RequestId', 'x-amzn-ErrorType'],
    maxAge: 600,
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(CONTENT_TYPE, { parseAs: 'string' }, (_request, body, done) => {
    done(null, body);
  });
  app.setErrorHandler((error, _request, reply) => refuse(error, reply, parts));
  addDevelopment(app, parts);
  app.get<{ Params: { poolId: string } }>(
    '/:poolId/.well-known/jwks.json',
    async ({ params: { poolId }, socket }, reply) => {
      if (!isStorable(poolId)) throw notFound('There is no such user pool.');
      await parts.stores.pools.pool(poolId);
      const published = publicJwks(await parts.installation.keys());
      return reply.type('application/json').send(await parts.faults.jwks(published, socket));
    },
  );
  await addSignInPage(app, parts);
  app.post('/', async (request, reply) => answer(reply, await run(request, parts)));
  return app;
}

async function run(
  request: FastifyRequest,
  { stores, calls, faults }: ServerParts,
): Promise<object> {
  const name = TARGET.exec(String(request.headers['x-amz-target']))?.[1] ?? '';
  const operation = operations.get(name);
  if (operation === undefined)
    throw new CognitoError('UnknownOperationException', 'The operation is not known here.');
  calls.set(name, (calls.get(name) ?? 0) + 1);
  await faults.strike(name, request.socket);
  // Signatures are not checked: only this machine reaches the port, and the pool is a stand-in.
  if (operation.signed && !request.headers.authorization?.startsWith('AWS4-HMAC-SHA256 '))
    throw new CognitoError('MissingAuthenticationTokenException', 'Missing Authentication Token');
  return operation.run(inputOf(request.body), stores);
}

function inputOf(body: unknown): unknown {
  try {
    return JSON.parse(String(body), (_key, value) => {
      if (typeof value === 'string' && !isStorable(value)) throw new TypeError('not a text');
      // A member that is null is absent (Smithy, "AWS JSON 1.1 protocol", shape serialization).
      return value ?? undefined;
    });
  } catch {
    throw new CognitoError('SerializationException', 'The request body is not JSON.');
  }
}

/** A page elsewhere must not reach this port by a name that it points to loopback, or by script. */
function refuseForeign({ headers, raw }: FastifyRequest, corsOrigins: readonly string[]): void {
  const { host = '', origin } = headers;
  const isKnown =
    origin === undefined || corsOrigins.includes(origin) || LOOPBACK_ORIGIN.test(origin);
  // A second Host, or a target with a host of its own, might count for somebody else.
  const isOnly = raw.headersDistinct.host?.length === 1 && raw.url?.startsWith('/');
  if (!LOOPBACK_HOST.test(host) || !isOnly || !isKnown) throw new ForeignRequestError();
}

class ForeignRequestError extends Error {
  readonly statusCode = 403;
  constructor() {
    super('The local pool answers requests of this machine alone.');
  }
}

function refuse(error: unknown, reply: FastifyReply, { stores }: ServerParts): FastifyReply {
  const known = error instanceof CognitoError ? error : asCognitoError(error, stores);
  const status = error instanceof ForeignRequestError ? 403 : statusOf(known);
  return answer(reply.code(status).header('x-amzn-errortype', known.type), {
    __type: known.type,
    message: known.message,
  });
}

function answer(reply: FastifyReply, body: object): FastifyReply {
  return (
    reply
      .header('content-type', CONTENT_TYPE)
      .header('x-amzn-requestid', randomUUID())
      // As bytes: to a text Fastify would add a charset, which AWS does not send.
      .send(Buffer.from(JSON.stringify(body)))
  );
}

function statusOf({ type }: CognitoError): number {
  return type === 'InternalErrorException' ? 500 : 400;
}

function asCognitoError(error: unknown, { log }: Stores): CognitoError {
  if (error instanceof ForeignRequestError) return notAuthorized(error.message);
  const status: unknown = Reflect.get(Object(error), 'statusCode');
  if (typeof status === 'number' && status < 500)
    return new CognitoError('SerializationException', 'The request cannot be read.');
  log.error({ err: error }, 'the local pool failed');
  return new CognitoError('InternalErrorException', 'Something went wrong in the local pool.');
}
