import type { ApolloServerPlugin, BaseContext } from '@apollo/server';
import type { Tracer } from '../telemetry/index.js';
import { requestScope } from './request-scope.js';

const LONGEST_NAME = 100;

/** Tells the log and the metrics which operation a request asks for, and the tracer how long it takes. */
export function operationPlugin(tracer: Tracer | undefined): ApolloServerPlugin<BaseContext> {
  const plugin: ApolloServerPlugin<BaseContext> = {
    async requestDidStart() {
      return {
        async didResolveOperation({ operationName, operation }) {
          const scope = requestScope.getStore();
          if (scope === undefined) return;
          if (operationName) scope.operationName = operationName.slice(0, LONGEST_NAME);
          if (operation !== undefined) scope.operationType = operation.operation;
        },
      };
    },
  };
  return tracer === undefined ? plugin : traced(plugin, tracer);
}

/** Statements and calls to the pool are below the operation's span while it is under way. */
function traced(
  plugin: ApolloServerPlugin<BaseContext>,
  tracer: Tracer,
): ApolloServerPlugin<BaseContext> {
  return {
    async requestDidStart(request) {
      const listener = await plugin.requestDidStart?.(request);
      const scope = requestScope.getStore();
      if (scope === undefined || !listener) return listener;
      const { span: parent } = scope;
      const span = tracer.begin({ name: 'graphql', kind: 'internal', parent });
      scope.span = span;
      return {
        async didResolveOperation(resolved) {
          await listener.didResolveOperation?.(resolved);
          const { operationName, operationType = 'unknown' } = scope;
          span.rename(
            operationName === undefined ? operationType : `${operationType} ${operationName}`,
          );
          span.set({
            'graphql.operation.type': operationType,
            ...(operationName !== undefined && { 'graphql.operation.name': operationName }),
            // The document may hold literals that are somebody's: its hash tells it from others.
            'graphql.document.sha256': resolved.queryHash,
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
