import {
  type ApolloServer,
  type BaseContext,
  HeaderMap,
  type HTTPGraphQLRequest,
} from '@apollo/server';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Viewer } from '../auth/viewer.js';
import { requestScope } from '../graphql/request-scope.js';
import type { TrustedDocuments } from '../graphql/trusted-documents.js';
import type { Origin } from '../request/context.js';
import type { Authenticate } from './authenticate.js';
import { prefersHtml } from './media-type.js';
import type { RateLimits } from './rate-limits.js';
import type { Exchange } from './request-log.js';
import type { SandboxPage } from './sandbox.js';
import { checkDocument } from './trusted-document.js';

export interface GraphQLRouteOptions<C extends BaseContext> {
  /** Started. */
  readonly apollo: ApolloServer<C>;
  readonly authenticate: Authenticate;
  readonly rateLimits: RateLimits;
  /** The only operations that are answered under production limits; absent: any is. */
  readonly documents?: TrustedDocuments | undefined;
  readonly productionLimits: boolean;
  readonly context: (input: { requestId: string; viewer: Viewer; origin: Origin }) => C;
}

/** Tells a client that a new token would give its user a role more. */
const TOKEN_STALE = 'x-token-stale';

interface PageOption {
  /** What a browser that goes there is shown; undefined: the answer of any client. */
  readonly page: SandboxPage | undefined;
}

/** Adds `/graphql`. A token that fails is refused before the body is read, whatever the query. */
export function addGraphQLRoute<C extends BaseContext>(
  app: FastifyInstance,
  exchangeOf: (request: FastifyRequest) => Exchange,
  {
    apollo,
    authenticate,
    rateLimits,
    documents,
    productionLimits,
    context,
    page,
  }: GraphQLRouteOptions<C> & PageOption,
): void {
  app.route({
    method: ['GET', 'POST'],
    url: '/graphql',
    exposeHeadRoute: false,
    onRequest: async (request, reply) => {
      const { rawHeaders } = request.raw;
      const exchange = exchangeOf(request);
      const viewer = await requestScope.run(exchange, () =>
        authenticate({ rawHeaders, ...originOf(request) }),
      );
      if (viewer.kind === 'person' && viewer.tokenStale) reply.header(TOKEN_STALE, 'true');
      exchange.viewer = viewer;
      await rateLimits.countRequest(viewer, request.ip);
    },
    handler: async (request, reply) => {
      const exchange = exchangeOf(request);
      const { requestId, viewer } = exchange;
      if (viewer === undefined) throw new Error('a request was not authenticated');
      if (page && request.method === 'GET' && prefersHtml(request.headers.accept))
        return page(request, reply);
      const httpGraphQLRequest = asked(request);
      if (documents)
        checkDocument(httpGraphQLRequest, documents, productionLimits ? 'registered' : 'any');
      // Not within Apollo Server, which calls whatever fails here an internal error.
      const contextValue = context({ requestId, viewer, origin: originOf(request) });
      return requestScope.run(exchange, () =>
        answer(apollo, { httpGraphQLRequest, reply, contextValue }),
      );
    },
  });
}

function originOf({ ip, headers }: FastifyRequest): Origin {
  return { ip, userAgent: headers['user-agent'] };
}

/** What Apollo Server is asked, by its contract for web frameworks ("Building web framework integrations for Apollo Server"). */
async function answer<C extends BaseContext>(
  apollo: ApolloServer<C>,
  {
    httpGraphQLRequest,
    reply,
    contextValue,
  }: {
    readonly httpGraphQLRequest: HTTPGraphQLRequest;
    readonly reply: FastifyReply;
    readonly contextValue: C;
  },
): Promise<string> {
  const { headers, body, status } = await apollo.executeHTTPGraphQLRequest({
    httpGraphQLRequest,
    context: async () => contextValue,
  });
  if (body.kind !== 'complete') throw new Error('Nothing is answered in parts.');
  reply.code(status ?? 200);
  for (const [name, value] of headers) reply.header(name, value);
  return body.string;
}

function asked({ method, url, headers, body }: FastifyRequest): HTTPGraphQLRequest {
  const known = new HeaderMap();
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined) known.set(name, Array.isArray(value) ? value.join(', ') : value);
  return { method, headers: known, search: searchOf(url), body };
}

/** From the first `?` on; what follows a `#`, which no client may send, is no part of it (RFC 3986, section 3.4). */
function searchOf(url: string): string {
  const [target = ''] = url.split('#', 1);
  const query = target.indexOf('?');
  return query < 0 ? '' : target.slice(query);
}
