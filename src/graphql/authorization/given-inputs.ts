import {
  type GraphQLInputType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  Kind,
  type ValueNode,
  type VariableDefinitionNode,
} from 'graphql';
import { memberOf } from './elements.js';

/** The variables as the client sent them: once coerced, what it left to a default of the schema looks the same. */
export interface GivenVariables {
  readonly variables: Readonly<Record<string, unknown>>;
  readonly definitions: readonly VariableDefinitionNode[];
}

/** False for a variable that is neither sent nor has a default in the operation. */
export function isGiven(node: ValueNode, given: GivenVariables): boolean {
  return node.kind !== Kind.VARIABLE || variableOf(node.name.value, given) !== undefined;
}

/** The coordinates of the input fields and enum values that a client put into an argument. */
export function* inputsIn(
  node: ValueNode,
  type: GraphQLInputType,
  given: GivenVariables,
): Generator<string> {
  const nullable = getNullableType(type);
  if (node.kind === Kind.VARIABLE) {
    const value = variableOf(node.name.value, given);
    if (value?.kind === 'sent') yield* inputsInValue(value.value, nullable);
    if (value?.kind === 'default') yield* inputsIn(value.node, nullable, given);
  } else if (isListType(nullable)) {
    const items = node.kind === Kind.LIST ? node.values : [node];
    for (const item of items) yield* inputsIn(item, nullable.ofType, given);
  } else if (isInputObjectType(nullable) && node.kind === Kind.OBJECT) {
    for (const { name, value } of node.fields) {
      const field = nullable.getFields()[name.value];
      if (field === undefined || !isGiven(value, given)) continue;
      yield memberOf(nullable, field);
      yield* inputsIn(value, field.type, given);
    }
  } else if (isEnumType(nullable) && node.kind === Kind.ENUM) {
    yield memberOf(nullable, { name: node.value });
  }
}

/** Without recursion: the cost of generators within generators grows with the square of the nesting. */
function* inputsInValue(sent: unknown, sentAs: GraphQLInputType): Generator<string> {
  const left: [unknown, GraphQLInputType][] = [[sent, sentAs]];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const [value, type] = next;
    const nullable = getNullableType(type);
    if (value === null || value === undefined) continue;
    if (isListType(nullable)) {
      const items: readonly unknown[] = Array.isArray(value) ? value : [value];
      for (const item of items) left.push([item, nullable.ofType]);
    } else if (isInputObjectType(nullable)) {
      for (const [name, inner] of Object.entries(value)) {
        const field = nullable.getFields()[name];
        if (field === undefined || inner === undefined) continue;
        yield memberOf(nullable, field);
        left.push([inner, field.type]);
      }
    } else if (isEnumType(nullable) && typeof value === 'string') {
      yield memberOf(nullable, { name: value });
    }
  }
}

type Given =
  | { readonly kind: 'sent'; readonly value: unknown }
  | { readonly kind: 'default'; readonly node: ValueNode };

function variableOf(name: string, { variables, definitions }: GivenVariables): Given | undefined {
  // As graphql-js does: a variable may be called `constructor`.
  const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
  if (value !== undefined) return { kind: 'sent', value };
  const definition = definitions.find(({ variable }) => variable.name.value === name);
  return definition?.defaultValue && { kind: 'default', node: definition.defaultValue };
}
