import type { ApolloServerOptionsWithGateway, BaseContext } from '@apollo/server';
import { type ExecutionResult, execute, GraphQLError, type GraphQLSchema } from 'graphql';
import { CompiledQueries } from './compiled-queries.js';

type Gateway = ApolloServerOptionsWithGateway<BaseContext>['gateway'];

/**
 * Has Apollo Server execute operations of the schema here, compiled where they come again and again. What Apollo Server calls a gateway
 * is whatever executes for it (Apollo Server, "GatewayInterface"); there is none.
 */
export function executingGateway(
  schema: GraphQLSchema,
  queries = new CompiledQueries(schema),
): Gateway {
  return {
    onSchemaLoadOrUpdate(told) {
      told({ apiSchema: schema, coreSupergraphSdl: '' });
      return () => {};
    },
    async load() {
      return {
        executor: async ({ document, operation, request, context }) => {
          const variableValues = request.variables ?? {};
          const run = operation && queries.of(document, operation);
          const result = await run?.(context, variableValues);
          if (result !== undefined && isExecuted(result)) return asOfGraphQLJs(result);
          return execute({
            schema,
            document,
            contextValue: context,
            variableValues,
            operationName: request.operationName ?? null,
          });
        },
      };
    },
    async stop() {},
  };
}

/** Not where the variables did not fit, before any resolver: that is said in the words of graphql-js. */
function isExecuted({ data }: ExecutionResult): boolean {
  return data !== undefined;
}

/** Errors of graphql-jit lack what Apollo Server counts on, such as extensions. */
function asOfGraphQLJs(result: ExecutionResult): ExecutionResult {
  if (result.errors === undefined) return result;
  return { ...result, errors: result.errors.map(located) };
}

function located({ message, path, locations, originalError }: GraphQLError): GraphQLError {
  const error = new GraphQLError(message, { path, originalError });
  // Which follow from nodes as a rule, and graphql-jit does not give those.
  return Object.defineProperty(error, 'locations', { value: locations, enumerable: true });
}
