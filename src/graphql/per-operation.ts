import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { LRUCache } from 'lru-cache';

/** A validated operation as it was asked for. */
export interface AskedOperation {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** The variables as the client sent them. */
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Sets of variables that are remembered, of all operations together. */
const MOST_VARIABLES = 2_000;
/** Characters of JSON; longer ones are rare and seldom come again. */
const LONGEST_VARIABLES = 1_000;
/** Levels of objects and lists; JSON of what is nested without end cannot be written. */
const MOST_LEVELS = 5;

/**
 * Computes once what depends on an operation and its variables alone. Apollo Server keeps the documents that
 * come again, so that an operation is the same object each time.
 */
export function perOperation<Value extends object>(
  compute: (asked: AskedOperation) => Value,
): (asked: AskedOperation) => Value {
  const withoutVariables = new WeakMap<OperationDefinitionNode, Value>();
  const numbers = new WeakMap<OperationDefinitionNode, number>();
  const withVariables = new LRUCache<string, Value>({ max: MOST_VARIABLES });
  let lastNumber = 0;

  function keyOf({ operation, variables }: AskedOperation): string {
    const number = numbers.get(operation) ?? ++lastNumber;
    numbers.set(operation, number);
    return `${number} ${JSON.stringify(variables)}`;
  }

  return (asked) => {
    const { operation, variables } = asked;
    if ((operation.variableDefinitions ?? []).length === 0)
      return remembered(withoutVariables, operation, asked);
    if (!isWithin(variables, MOST_LEVELS)) return compute(asked);
    const key = keyOf(asked);
    if (key.length > LONGEST_VARIABLES) return compute(asked);
    return remembered(withVariables, key, asked);
  };

  function remembered<Key extends object | string>(
    memory: { get(key: Key): Value | undefined; set(key: Key, value: Value): unknown },
    key: Key,
    asked: AskedOperation,
  ): Value {
    const known = memory.get(key);
    if (known !== undefined) return known;
    const value = compute(asked);
    memory.set(key, value);
    return value;
  }
}

function isWithin(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((inner) => isWithin(inner, levels - 1));
}
