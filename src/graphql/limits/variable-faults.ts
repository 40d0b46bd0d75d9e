import type { ApolloServerPlugin, BaseContext } from '@apollo/server';
import { getVariableValues } from 'graphql';
import { BadUserInputError } from '../../errors.js';

/** Refuses variables with more faults than are reported at once: graphql-js would tell of 50, each with all of the value. */
export function variableFaultLimitPlugin<C extends BaseContext>(
  allowed: number,
): ApolloServerPlugin<C> {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ schema, operation, request }) {
          const definitions = operation?.variableDefinitions ?? [];
          const { variables = {} } = request;
          const { errors = [] } = getVariableValues(schema, definitions, variables, {
            maxErrors: allowed,
          });
          // The last one says that there are more.
          if (errors.length > allowed) throw tooManyFaults(allowed);
        },
      };
    },
  };
}

function tooManyFaults(allowed: number): BadUserInputError {
  return new BadUserInputError(`The variables have more than ${allowed} faults.`, {
    reason: 'variables',
    hint: 'Compare them with the types of the operation: with fewer faults each is named.',
  });
}
