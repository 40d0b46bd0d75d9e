import type {
  ApolloServerPlugin,
  BaseContext,
  GraphQLRequestContextDidEncounterErrors,
  GraphQLRequestContextDidResolveOperation,
  GraphQLRequestContextResponseForOperation,
  GraphQLRequestContextWillSendResponse,
  GraphQLResponse,
} from '@apollo/server';

/**
 * What is done around each operation, as by a plugin of Apollo Server ("Creating Apollo Server plugins", the events of
 * these names), which would have to be waited for at each event even where there is nothing to wait for.
 */
export interface OperationHooks<C extends BaseContext> {
  /** @throws what refuses the operation, before anything of it executes */
  didResolveOperation?(request: GraphQLRequestContextDidResolveOperation<C>): void;
  /** Those of one of all the hooks count: executes the operation, or leaves that to Apollo Server by null. */
  responseForOperation?(
    request: GraphQLRequestContextResponseForOperation<C>,
  ): Promise<GraphQLResponse | null>;
  didEncounterErrors?(
    request: GraphQLRequestContextDidEncounterErrors<C>,
  ): Promise<void> | undefined;
  willSendResponse?(
    request: GraphQLRequestContextWillSendResponse<C>,
  ): Promise<void> | undefined | void;
}

/** One plugin of all these hooks, in their order. Whatever one refuses the next does not see. */
export function operationHooksPlugin<C extends BaseContext>(
  hooks: readonly OperationHooks<C>[],
): ApolloServerPlugin<C> {
  const resolved = hooks.filter((one) => one.didResolveOperation);
  const executing = hooks.find((one) => one.responseForOperation);
  const failed = hooks.filter((one) => one.didEncounterErrors);
  const answered = hooks.filter((one) => one.willSendResponse);
  const listener = {
    async didResolveOperation(request: GraphQLRequestContextDidResolveOperation<C>) {
      for (const one of resolved) one.didResolveOperation?.(request);
    },
    async responseForOperation(request: GraphQLRequestContextResponseForOperation<C>) {
      return executing?.responseForOperation?.(request) ?? null;
    },
    async didEncounterErrors(request: GraphQLRequestContextDidEncounterErrors<C>) {
      for (const one of failed) await one.didEncounterErrors?.(request);
    },
    async willSendResponse(request: GraphQLRequestContextWillSendResponse<C>) {
      for (const one of answered) {
        const pending = one.willSendResponse?.(request);
        if (pending) await pending;
      }
    },
  };
  return { requestDidStart: async () => listener };
}
