import { ApolloServer } from '@apollo/server';
import type { GraphQLSchema } from 'graphql';
import type { Viewer } from '../../../src/auth/viewer.js';
import { authorizationHooks, type Explain } from '../../../src/graphql/authorization/index.js';
import { operationHooksPlugin } from '../../../src/graphql/operation-hooks.js';
import type { Context } from '../../../src/request/context.js';

export interface Request {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

/** A started Apollo Server of the schema: its answers as a client gets them. */
export function serve(schema: GraphQLSchema, explain: Explain = () => false) {
  const server = new ApolloServer<Context>({
    schema,
    plugins: [operationHooksPlugin([authorizationHooks({ explain })])],
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    nodeEnv: 'test',
  });
  return {
    stop: () => server.stop(),
    async execute(viewer: Viewer, { query, variables = {} }: Request) {
      // The fixtures' resolvers look at nothing else of the context.
      const contextValue = { viewer } as Context;
      const { body } = await server.executeOperation({ query, variables }, { contextValue });
      if (body.kind !== 'single') throw new Error('The answer is not a single one.');
      // Objects without a prototype compare unequal to those of a test.
      return JSON.parse(JSON.stringify(body.singleResult)) as typeof body.singleResult;
    },
  };
}
