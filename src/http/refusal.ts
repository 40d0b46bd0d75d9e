import type { FastifyReply, FastifyRequest } from 'fastify';
import { LifeguardError, NotFoundError } from '../errors.js';
import type { FormatError } from '../graphql/format-error.js';
import { httpHeadOf } from '../graphql/http-status.js';
import { type RequestScope, requestScope } from '../graphql/request-scope.js';
import { RequestError, requestError } from './errors.js';
import { mediaTypeFor } from './media-type.js';

interface Refusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An error as a whole GraphQL response, for what is refused before Apollo Server sees it. */
export function refusalOf(
  error: unknown,
  {
    scope,
    formatError,
    tokenCame,
  }: { scope: RequestScope; formatError: FormatError; tokenCame: boolean },
): Refusal {
  const refused = requestFaultOf(error) ?? error;
  const shown = requestScope.run(scope, () => formatError(refused));
  const { status, headers } = httpHeadOf([shown], tokenCame);
  return {
    status: statusOutsideGraphQL(refused) ?? status,
    headers,
    body: `${JSON.stringify({ errors: [shown] })}\n`,
  };
}

export function sendRefusal(request: FastifyRequest, reply: FastifyReply, refusal: Refusal) {
  return reply
    .code(refusal.status)
    .headers(refusal.headers)
    .type(mediaTypeFor(request.headers.accept))
    .send(refusal.body);
}

/** Fastify's errors about a request name their status; their texts may quote the request. */
function requestFaultOf(error: unknown): RequestError | undefined {
  if (!(error instanceof Error) || error instanceof LifeguardError) return undefined;
  const status: unknown = Reflect.get(error, 'statusCode');
  if (typeof status !== 'number' || status < 400 || status > 499) return undefined;
  return requestError(status);
}

/** A path that is not there is 404, though NOT_FOUND in the graph is 200. */
function statusOutsideGraphQL(error: unknown): number | undefined {
  if (error instanceof RequestError) return error.status;
  return error instanceof NotFoundError ? 404 : undefined;
}
