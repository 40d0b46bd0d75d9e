import type { ApolloServerPlugin, BaseContext } from '@apollo/server';
import type { Tracer } from '../telemetry/index.js';
import { requestScope } from './request-scope.js';

/**
 * Tells the tracer how long an operation takes: statements and calls to the pool are below its span. It comes
 * behind whatever notes the operation's name.
 */
export function tracePlugin(tracer: Tracer): ApolloServerPlugin<BaseContext> {
  return {
    async requestDidStart() {
      const scope = requestScope.getStore();
      if (scope === undefined) return;
      const { span: parent } = scope;
      const span = tracer.begin({ name: 'graphql', kind: 'internal', parent });
      scope.span = span;
      return {
        async didResolveOperation({ queryHash }) {
          const { operationName, operationType = 'unknown' } = scope;
          span.rename(
            operationName === undefined ? operationType : `${operationType} ${operationName}`,
          );
          span.set({
            'graphql.operation.type': operationType,
            ...(operationName !== undefined && { 'graphql.operation.name': operationName }),
            // The document may hold literals that are somebody's: its hash tells it from others.
            'graphql.document.sha256': queryHash,
          });
        },
        async willSendResponse() {
          const codes = scope.faults?.map(({ code }) => code) ?? [];
          if (codes.length > 0) span.set({ 'lifeguard.codes': codes.join(' ') });
          span.end(codes.find(isServerFault));
          if (parent !== undefined) scope.span = parent;
        },
      };
    },
  };
}

function isServerFault(code: string): boolean {
  return code === 'INTERNAL_SERVER_ERROR' || code === 'UNAVAILABLE';
}
