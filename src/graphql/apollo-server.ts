import { ApolloServer, type ApolloServerPlugin, type BaseContext } from '@apollo/server';
import {
  ApolloServerPluginCacheControlDisabled,
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginSchemaReportingDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled';
import type { GraphQLError, GraphQLSchema } from 'graphql';
import type { Logger } from 'pino';
import type { Viewer } from '../auth/viewer.js';
import type { Limits } from '../config.js';
import type { Tracer } from '../telemetry/index.js';
import { executingGateway } from './execution/index.js';
import type { FormatError } from './format-error.js';
import { httpStatusPlugin } from './http-status.js';
import {
  aliasLimit,
  costLimitPlugin,
  depthLimit,
  rootFieldLimit,
  variableFaultLimitPlugin,
} from './limits/index.js';
import { operationPlugin } from './operation-plugin.js';
import { operationTypeRule } from './operation-type-rule.js';

export interface ApolloServerOptions<C extends BaseContext> {
  readonly schema: GraphQLSchema;
  readonly limits: Limits;
  /** Turns off introspection and suggestions. */
  readonly productionLimits: boolean;
  readonly log: Logger;
  readonly formatError: FormatError;
  /** Whether a rule below the root refused: such an error never sets the HTTP status. */
  readonly isNestedRefusal: (error: GraphQLError) => boolean;
  /** Undefined unless traces are switched on. */
  readonly tracer?: Tracer | undefined;
  /** The authorization plugin and those of the features. */
  readonly plugins?: readonly ApolloServerPlugin<C>[];
}

/** Apollo Server with the limits, errors and statuses of this server; not started. */
export function createApolloServer<C extends BaseContext & { readonly viewer: Viewer }>({
  schema,
  limits,
  productionLimits,
  log,
  formatError,
  isNestedRefusal,
  tracer,
  plugins = [],
}: ApolloServerOptions<C>): ApolloServer<C> {
  return new ApolloServer<C>({
    gateway: executingGateway(schema),
    logger: log,
    // Otherwise Apollo Server reads NODE_ENV, which does not know of production limits.
    nodeEnv: productionLimits ? 'production' : 'development',
    formatError: (_formatted, error) => formatError(error),
    introspection: !productionLimits,
    hideSchemaDetailsFromClientErrors: productionLimits,
    includeStacktraceInErrorResponses: false,
    allowBatchedHttpRequests: false,
    csrfPrevention: true,
    persistedQueries: false,
    stopOnTerminationSignals: false,
    parseOptions: { maxTokens: limits.tokens },
    validationOptions: { maxErrors: limits.validationErrors },
    validationRules: [
      operationTypeRule,
      depthLimit(limits.depth),
      aliasLimit(limits.aliases),
      rootFieldLimit(limits.rootFields),
    ],
    plugins: [
      // Cache control instruments every field; the reports would leave the house.
      ApolloServerPluginCacheControlDisabled(),
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginSchemaReportingDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      operationPlugin(tracer),
      // What the viewer may not do is refused before it is measured.
      ...plugins,
      variableFaultLimitPlugin(limits.validationErrors),
      costLimitPlugin(limits.cost),
      httpStatusPlugin(isNestedRefusal),
    ],
  });
}
