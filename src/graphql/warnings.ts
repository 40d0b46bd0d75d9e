import type { Context } from '../request/context.js';
import { warningsOf } from '../request/warnings.js';
import type { OperationHooks } from './operation-hooks.js';

/** Puts the warnings of a request beside its data. */
export const warningsHooks: OperationHooks<Context> = {
  willSendResponse({ contextValue, response: { body } }) {
    if (body.kind !== 'single') return;
    const warnings = warningsOf(contextValue);
    if (warnings.length > 0)
      body.singleResult.extensions = { ...body.singleResult.extensions, warnings };
  },
};
