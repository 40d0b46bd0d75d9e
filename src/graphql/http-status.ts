import type { BaseContext } from '@apollo/server';
import type { GraphQLError, GraphQLFormattedError } from 'graphql';
import type { Viewer } from '../auth/viewer.js';
import type { OperationHooks } from './operation-hooks.js';

const STATUS_BY_CODE: Readonly<Record<string, number>> = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 200,
  CONFLICT: 200,
  RATE_LIMITED: 429,
  UNAVAILABLE: 503,
  INTERNAL_SERVER_ERROR: 500,
};
/** Every other code is the request's fault. */
const CLIENT_FAULT = 400;

interface HttpHead {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * The HTTP status and headers of a response without data. Errors that do not agree leave it at 200.
 * @param errors as the client sees them
 * @param tokenCame whether the request brought a token: it is then the token that failed (RFC 6750, section 3)
 */
export function httpHeadOf(errors: readonly GraphQLFormattedError[], tokenCame: boolean): HttpHead {
  const [status = 200, ...others] = new Set(errors.map(statusOf));
  if (others.length > 0) return { status: 200, headers: {} };
  if (status === 401) {
    const challenge = tokenCame ? 'Bearer error="invalid_token"' : 'Bearer';
    return { status, headers: { 'www-authenticate': challenge } };
  }
  if (status === 429 || status === 503)
    return { status, headers: { 'retry-after': String(Math.max(...errors.map(retryAfterOf))) } };
  return { status, headers: {} };
}

function statusOf({ extensions }: GraphQLFormattedError): number {
  return STATUS_BY_CODE[String(extensions?.code)] ?? CLIENT_FAULT;
}

function retryAfterOf({ extensions }: GraphQLFormattedError): number {
  return typeof extensions?.retryAfter === 'number' ? extensions.retryAfter : 1;
}

/** Sets the status from the errors' codes alone: Apollo would let any resolver name one. */
export function httpStatusHooks<C extends BaseContext & { readonly viewer: Viewer }>(
  isNestedRefusal: (error: GraphQLError) => boolean,
): OperationHooks<C> {
  return {
    willSendResponse({ response: { http, body }, errors, contextValue }) {
      const { data, errors: shown = [] } = body.kind === 'single' ? body.singleResult : {};
      // Before execution these are Apollo's own, such as 405 with `Allow` for a mutation by GET.
      if (data === undefined && shown.every(({ extensions }) => extensions?.code === 'BAD_REQUEST'))
        return;
      http.headers.clear();
      http.status = 200;
      if (data != null || errors?.some(isNestedRefusal)) return;
      const head = httpHeadOf(shown, contextValue.viewer.kind !== 'anonymous');
      http.status = head.status;
      for (const [name, value] of Object.entries(head.headers)) http.headers.set(name, value);
    },
  };
}
