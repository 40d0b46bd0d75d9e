import { type ApolloServerOptionsWithGateway, type BaseContext, HeaderMap } from '@apollo/server';
import { type ExecutionResult, execute, GraphQLError, type GraphQLSchema } from 'graphql';
import type { OperationHooks } from '../operation-hooks.js';
import { CompiledQueries } from './compiled-queries.js';

export interface Executor {
  readonly hooks: OperationHooks<BaseContext>;
  readonly gateway: ApolloServerOptionsWithGateway<BaseContext>['gateway'];
}

/** Of an answer without errors the status and the headers are said elsewhere. */
const HEAD = { headers: new HeaderMap() };

/**
 * Has Apollo Server execute operations of the schema here, compiled where they come again and again, as a plugin's
 * `responseForOperation`. Results with errors it is given as those of a gateway ("GatewayInterface"; there is none), since it sees to
 * their errors then. To give it all of them would cost each request as much as executing `me`: for a gateway it makes an object
 * with accessors, whose closures keep whole requests until the next major collection.
 */
export function createExecutor(
  schema: GraphQLSchema,
  queries = new CompiledQueries(schema),
): Executor {
  const withErrors = new WeakMap<object, ExecutionResult>();
  return {
    hooks: {
      async responseForOperation({ document, operation, request, contextValue }) {
        const variableValues = request.variables ?? {};
        const run = operation && queries.of(document, operation);
        const compiled = await run?.(contextValue, variableValues);
        const result =
          compiled !== undefined && isExecuted(compiled)
            ? asOfGraphQLJs(compiled)
            : await execute({
                schema,
                document,
                contextValue,
                variableValues,
                operationName: request.operationName ?? null,
              });
        const { errors, data = null } = result;
        if (errors === undefined)
          return { http: HEAD, body: { kind: 'single', singleResult: { data } } };
        withErrors.set(contextValue, result);
        return null;
      },
    },
    gateway: {
      onSchemaLoadOrUpdate(told) {
        told({ apiSchema: schema, coreSupergraphSdl: '' });
        return () => {};
      },
      async load() {
        return {
          executor: async ({ context }) => {
            const result = withErrors.get(context);
            if (result === undefined) throw new Error('An operation was not executed.');
            return result;
          },
        };
      },
      async stop() {},
    },
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
