import type { BaseContext } from '@apollo/server';
import { getVariableValues } from 'graphql';
import { BadUserInputError } from '../../errors.js';
import type { OperationHooks } from '../operation-hooks.js';

/** Refuses variables with more faults than are reported at once: graphql-js would tell of 50, each with all of the value. */
export function variableFaultLimitHooks<C extends BaseContext>(allowed: number): OperationHooks<C> {
  return {
    didResolveOperation({ schema, operation, request: { variables = {} } }) {
      const definitions = operation?.variableDefinitions ?? [];
      if (definitions.length === 0) return;
      const { errors = [] } = getVariableValues(schema, definitions, variables, {
        maxErrors: allowed,
      });
      // The last one says that there are more.
      if (errors.length > allowed) throw tooManyFaults(allowed);
    },
  };
}

function tooManyFaults(allowed: number): BadUserInputError {
  return new BadUserInputError(`The variables have more than ${allowed} faults.`, {
    reason: 'variables',
    hint: 'Compare them with the types of the operation: with fewer faults each is named.',
  });
}
