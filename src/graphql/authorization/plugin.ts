import type { ApolloServerPlugin } from '@apollo/server';
import type { Context } from '../../request/context.js';
import type { Explain } from './refusal.js';
import { refusalsOf } from './refusals.js';

/**
 * Refuses an operation that uses what the viewer may not, before it executes: the response has no
 * `data`, and its one error says UNAUTHENTICATED or FORBIDDEN, so that it may set the HTTP status.
 */
export function authorizationPlugin({
  explain,
}: {
  readonly explain: Explain;
}): ApolloServerPlugin<Context> {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ schema, document, operation, request, contextValue }) {
          // No operation of the asked name: the execution reports that.
          if (operation === undefined) return;
          const [refused] = refusalsOf({
            schema,
            document,
            operation,
            variables: request.variables ?? {},
            viewer: contextValue.viewer,
            explain,
          });
          if (refused) throw refused;
        },
      };
    },
  };
}
