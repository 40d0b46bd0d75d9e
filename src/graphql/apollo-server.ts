import { ApolloServer, type BaseContext } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { GraphQLError, GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import type { Role } from '../auth/role.js';
import type { Viewer } from '../auth/viewer.js';
import type { Limits } from '../config.js';
import type { Tracer } from '../telemetry/index.js';
import { createExecutor } from './execution/index.js';
import type { FormatError } from './format-error.js';
import { httpStatusHooks } from './http-status.js';
import { introspectionHooks } from './introspection.js';
import { costLimitHooks, variableFaultLimitHooks } from './limits/index.js';
import { type OperationHooks, operationHooksPlugin } from './operation-hooks.js';
import { operationNameHooks } from './operation-name.js';
import { operationRules } from './operation-rules.js';
import { tracePlugin } from './trace-plugin.js';
import type { TrustedDocuments } from './trusted-documents.js';

export interface ApolloServerOptions<C extends BaseContext> {
  readonly schema: GraphQLSchema;
  readonly limits: Limits;
  /** Turns off introspection, but for some roles, and suggestions. */
  readonly productionLimits: boolean;
  /** The roles that may ask for the schema under production limits; nobody by default. */
  readonly introspection?: readonly Role[];
  /** Where operations that come as a hash are looked up; absent: nowhere. */
  readonly documents?: TrustedDocuments | undefined;
  readonly log: Logger;
  readonly formatError: FormatError;
  /** Whether a rule below the root refused: such an error never sets the HTTP status. */
  readonly isNestedRefusal: (error: GraphQLError) => boolean;
  /** Undefined unless traces are switched on. */
  readonly tracer?: Tracer | undefined;
  /** Those of the authorization and of the features. */
  readonly hooks?: readonly OperationHooks<C>[];
}

/** Apollo Server with the limits, errors and statuses of this server; not started. */
export function createApolloServer<C extends BaseContext & { readonly viewer: Viewer }>({
  schema,
  limits,
  productionLimits,
  introspection = [],
  documents,
  log,
  formatError,
  isNestedRefusal,
  tracer,
  hooks = [],
}: ApolloServerOptions<C>): ApolloServer<C> {
  const executor = createExecutor(schema);
  return new ApolloServer<C>({
    gateway: executor.gateway,
    logger: log,
    // Otherwise Apollo Server reads NODE_ENV, which does not know of production limits.
    nodeEnv: productionLimits ? 'production' : 'development',
    formatError: (_formatted, error) => formatError(error),
    introspection: !productionLimits || introspection.length > 0,
    hideSchemaDetailsFromClientErrors: productionLimits,
    includeStacktraceInErrorResponses: false,
    allowBatchedHttpRequests: false,
    csrfPrevention: true,
    persistedQueries: documents !== undefined && { cache: manifestCache(documents) },
    stopOnTerminationSignals: false,
    parseOptions: { maxTokens: limits.tokens },
    validationOptions: { maxErrors: limits.validationErrors },
    validationRules: operationRules(limits),
    plugins: [
      // Cache control instruments every field; the reports would leave the house.
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      operationHooksPlugin<C>([
        operationNameHooks,
        ...(productionLimits && introspection.length > 0
          ? [introspectionHooks<C>(introspection)]
          : []),
        // What the viewer may not do is refused before it is measured.
        ...hooks,
        variableFaultLimitHooks(limits.validationErrors),
        costLimitHooks(limits.cost),
        executor.hooks,
        httpStatusHooks(isNestedRefusal),
      ]),
      ...(tracer === undefined ? [] : [tracePlugin(tracer)]),
    ],
  });
}

/** Apollo Server looks hashes up in a cache that clients fill; this one they do not. */
function manifestCache(documents: TrustedDocuments) {
  return {
    get: async (key: string) => documents.get(key.slice(key.indexOf(':') + 1)),
    set: async () => {},
    delete: async () => false,
  };
}
