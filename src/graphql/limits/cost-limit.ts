import type { BaseContext } from '@apollo/server';
import { GraphQLError, getVariableValues } from 'graphql';
import { getComplexity } from 'graphql-query-complexity';
import { BadUserInputError } from '../../errors.js';
import type { OperationHooks } from '../operation-hooks.js';
import { type AskedOperation, perOperation } from '../per-operation.js';
import { fieldCost } from './field-cost.js';

/** Selections looked at, with fragments spread, before an operation is refused unmeasured. */
const MOST_SELECTIONS = 10_000;

/** Refuses an operation that costs more than allowed, before anything of it executes. */
export function costLimitHooks<C extends BaseContext>(allowed: number): OperationHooks<C> {
  return {
    didResolveOperation({ schema, document, operation, request }) {
      // Apollo Server answers a document without such an operation itself.
      if (operation === undefined) return;
      const variables = request.variables ?? {};
      const { cost } = costOf({ schema, document, operation, variables });
      if (cost !== undefined && cost > allowed) throw tooCostly(cost, allowed);
    },
  };
}

const costOf = perOperation((asked) => ({ cost: measuredCost(asked) }));

/** Undefined for variables that do not fit: execution refuses them all before the first resolver. */
function measuredCost({
  schema,
  document,
  operation,
  variables,
}: AskedOperation): number | undefined {
  const definitions = operation.variableDefinitions ?? [];
  if (getVariableValues(schema, definitions, variables, { maxErrors: 1 }).errors) return undefined;
  try {
    return getComplexity({
      schema,
      query: document,
      variables: { ...variables },
      ...(operation.name && { operationName: operation.name.value }),
      estimators: [fieldCost],
      maxQueryNodes: MOST_SELECTIONS,
    });
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    if (error.message.includes('maximum allowed number of nodes')) return MOST_SELECTIONS;
    // An argument that does not fit: unmeasured, the rest of the operation must not execute.
    throw new GraphQLError(error.message, {
      ...(error.nodes && { nodes: error.nodes }),
      extensions: { code: 'BAD_USER_INPUT' },
    });
  }
}

function tooCostly(cost: number, allowed: number): BadUserInputError {
  const amount = cost >= MOST_SELECTIONS ? `at least ${MOST_SELECTIONS}` : cost;
  return new BadUserInputError(`The operation costs ${amount}; ${allowed} are allowed.`, {
    reason: 'cost',
    hint: 'Each field costs 1, times the size of the lists it is in: ask for smaller pages or fewer fields.',
  });
}
