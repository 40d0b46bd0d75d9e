import { UniqueConstraintViolationException } from '@mikro-orm/core';
import { GraphQLError, type GraphQLFormattedError, type GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import { ConflictError, LifeguardError, UnavailableError } from '../errors.js';
import { isOutage } from './outage.js';
import { noteFault, type RequestScope, requestScope } from './request-scope.js';
import { schemaNameHider } from './schema-names.js';

/** What graphql-js and Apollo Server call the request's own faults. */
const CLIENT_FAULTS: ReadonlySet<unknown> = new Set([
  'BAD_REQUEST',
  'BAD_USER_INPUT',
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
]);
/** Such a message may quote the request, which may be large. */
const LONGEST_MESSAGE = 300;
const SUGGESTION = / ?Did you mean .*$/s;
const TOO_MANY_TOKENS = /^Syntax Error: Document contains more tha[nt] (\d+) tokens/;
/** Seconds, where the error names none. */
const RETRY_AFTER = 5;

export interface FormatErrorOptions {
  readonly schema: GraphQLSchema;
  /** Under them no message tells a name of the schema that the document does not use. */
  readonly productionLimits: boolean;
  /** For errors outside of a request scope. */
  readonly log: Logger;
  /** Told what is masked, and where it happened. */
  readonly onMasked?: ((error: unknown, scope: RequestScope | undefined) => void) | undefined;
}

/** Turns any error into what a client may see; what it may not see goes to the log. */
export type FormatError = (error: unknown) => GraphQLFormattedError;

/**
 * Errors of `errors.ts` and the request's own faults keep their message, a database out of reach
 * becomes UNAVAILABLE, what is unique and there already CONFLICT, and anything else INTERNAL_SERVER_ERROR with a constant message.
 */
export function createFormatError({
  schema,
  productionLimits,
  log,
  onMasked,
}: FormatErrorOptions): FormatError {
  const messageOf = productionLimits
    ? discreetMessage(schema)
    : ({ message }: GraphQLError) => message;
  return (error) => {
    const scope = requestScope.getStore();
    const { message, ...extensions } = shown(error, messageOf, scope?.log ?? log);
    const { code, reason } = extensions;
    if (scope !== undefined)
      noteFault(scope, { code, reason: typeof reason === 'string' ? reason : undefined });
    if (code === 'INTERNAL_SERVER_ERROR') onMasked?.(originalOf(error), scope);
    return {
      message,
      ...(error instanceof GraphQLError && placeOf(error)),
      extensions: {
        ...extensions,
        ...(scope !== undefined && { requestId: scope.requestId }),
      },
    };
  };
}

interface Shown {
  readonly message: string;
  readonly code: string;
  readonly [extension: string]: unknown;
}

type MessageOf = (error: GraphQLError) => string;

function discreetMessage(schema: GraphQLSchema): MessageOf {
  const withoutNames = schemaNameHider(schema);
  // More than will be shown, so that no name and no suggestion is cut where it could be told no more.
  return (error) =>
    withoutNames(error.message.slice(0, 2 * LONGEST_MESSAGE), error).replace(SUGGESTION, '');
}

function shown(error: unknown, messageOf: MessageOf, log: Logger): Shown {
  const cause = originalOf(error);
  if (cause instanceof LifeguardError) return known(cause, error, log);
  // With a path it was raised by a resolver, whose own errors are those of `errors.ts`.
  if (error instanceof GraphQLError && error.path === undefined) {
    if (CLIENT_FAULTS.has(error.extensions.code)) return clientFault(error, messageOf);
  }
  if (cause instanceof UniqueConstraintViolationException) {
    const conflict = new ConflictError('There is one already that has this.', {
      reason: 'taken',
      hint: 'Give another value where each is to be there once.',
      cause,
    });
    return known(conflict, error, log);
  }
  if (isOutage(cause)) {
    const outage = new UnavailableError('The database is out of reach.', {
      reason: 'database',
      hint: 'Try again later.',
      cause,
    });
    return known(outage, error, log);
  }
  log.error({ err: cause }, 'an unexpected error was masked');
  return {
    message: 'Something went wrong on our side.',
    code: 'INTERNAL_SERVER_ERROR',
    hint: 'Quote the request id when you report it.',
  };
}

/** graphql-js wraps what a resolver throws, and Apollo wraps that. */
function originalOf(error: unknown): unknown {
  let original = error;
  while (original instanceof GraphQLError && original.originalError !== undefined)
    original = original.originalError;
  return original;
}

function known(error: LifeguardError, thrown: unknown, log: Logger): Shown {
  if (error.code === 'UNAVAILABLE') log.error({ err: error }, 'a dependency is out of reach');
  const mayRetry = error.code === 'UNAVAILABLE' || error.code === 'RATE_LIMITED';
  const explain = thrown instanceof GraphQLError ? thrown.extensions.explain : undefined;
  return {
    message: error.message,
    code: error.code,
    ...(error.reason !== undefined && { reason: error.reason }),
    ...(error.hint !== undefined && { hint: error.hint }),
    ...(mayRetry && { retryAfter: error.retryAfter ?? RETRY_AFTER }),
    ...(explain !== undefined && { explain }),
  };
}

function clientFault(error: GraphQLError, messageOf: MessageOf): Shown {
  const { code, reason, hint } = error.extensions;
  const tokens = TOO_MANY_TOKENS.exec(error.message)?.[1];
  if (tokens !== undefined) {
    return {
      message: `The document has more than ${tokens} lexical tokens; ${tokens} are allowed.`,
      code: 'GRAPHQL_PARSE_FAILED',
      reason: 'tokens',
      hint: 'Ask for less at once, or split the operation.',
    };
  }
  const message = messageOf(error);
  return {
    message: message.length > LONGEST_MESSAGE ? `${message.slice(0, LONGEST_MESSAGE)}...` : message,
    code: typeof code === 'string' ? code : 'BAD_USER_INPUT',
    ...(typeof reason === 'string' && { reason }),
    ...(typeof hint === 'string' && { hint }),
  };
}

function placeOf({ locations, path }: GraphQLError): Partial<GraphQLFormattedError> {
  return { ...(locations !== undefined && { locations }), ...(path !== undefined && { path }) };
}
