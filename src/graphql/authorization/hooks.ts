import type { Context } from '../../request/context.js';
import type { OperationHooks } from '../operation-hooks.js';
import type { Explain } from './refusal.js';
import { refusalsOf } from './refusals.js';

/**
 * Refuses an operation that uses what the viewer may not, before it executes: the response has no
 * `data`, and its one error says UNAUTHENTICATED or FORBIDDEN, so that it may set the HTTP status.
 */
export function authorizationHooks({
  explain,
}: {
  readonly explain: Explain;
}): OperationHooks<Context> {
  return {
    didResolveOperation({ schema, document, operation, request, contextValue: { viewer } }) {
      // No operation of the asked name: the execution reports that.
      if (operation === undefined) return;
      const { variables = {} } = request;
      const [refused] = refusalsOf({ schema, document, operation, variables, viewer, explain });
      if (refused) throw refused;
    },
  };
}
