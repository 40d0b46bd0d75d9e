import {
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLBoolean,
  type GraphQLCompositeType,
  GraphQLError,
  type GraphQLField,
  getNamedType,
  getVariableValues,
  isCompositeType,
  isObjectType,
  isUnionType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
  valueFromAST,
} from 'graphql';
import type { Viewer } from '../../auth/viewer.js';
import { type AskedOperation, perOperation } from '../per-operation.js';
import { isSelf, lackOf } from './decide.js';
import { argumentOf, isRootType, memberOf } from './elements.js';
import { type GivenVariables, inputsIn, isGiven } from './given-inputs.js';
import { type Explain, refusal } from './refusal.js';
import { rulesOf } from './schema-rules.js';

/** A validated operation about to be executed. */
export interface RequestedOperation extends AskedOperation {
  readonly viewer: Viewer;
  readonly explain: Explain;
}

/**
 * Settles the rules of root fields, arguments, input fields and enum values before anything executes:
 * any refusal refuses the operation. What a skipped selection or a default of the schema says does not
 * count. Each error's `originalError` is an `UnauthenticatedError` or a `ForbiddenError`.
 *
 * Where the variables do not fit their types, only root fields are settled, as far as that needs no
 * variable; executing the operation then reports the variables.
 */
export function refusalsOf(requested: RequestedOperation): readonly GraphQLError[] {
  const refusals = new Map<string, GraphQLError>();
  const { viewer, explain } = requested;
  for (const { coordinate, node, mayBeSelf, rule } of ruledUses(requested)) {
    if (refusals.has(coordinate)) continue;
    const lack = lackOf(rule, viewer, () => mayBeSelf?.(rule.self, viewer) ?? false);
    if (lack === undefined) continue;
    const error = refusal({ coordinate, rule }, viewer, lack, explain);
    refusals.set(
      coordinate,
      new GraphQLError(error.message, {
        nodes: node,
        originalError: error,
        extensions: error.extensions,
      }),
    );
  }
  return [...refusals.values()];
}

/** Whoever asks: the uses of an operation that have a rule. */
const ruledUses = perOperation((asked) =>
  [...guardedUses(asked)].flatMap((use) => {
    const rule = rulesOf(asked.schema).authorized.get(use.coordinate);
    return rule === undefined ? [] : [{ ...use, rule }];
  }),
);

/** The use of something that may be guarded, in a place that will be executed. */
interface Use {
  readonly coordinate: string;
  readonly node: FieldNode;
  /** Root fields: whether the argument named by `self` is the viewer, or may turn out to be. */
  readonly mayBeSelf?: (self: string | undefined, viewer: Viewer) => boolean;
}

interface Walk extends AskedOperation {
  /** Undefined where the variables do not fit their types. */
  readonly coerced: Readonly<Record<string, unknown>> | undefined;
  readonly given: GivenVariables;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** What a fragment uses does not depend on where it is spread: once is enough. */
  readonly visited: Set<string>;
}

function* guardedUses(requested: AskedOperation): Generator<Use> {
  const { schema, document, operation, variables } = requested;
  const root = schema.getRootType(operation.operation);
  if (!root) return;
  const definitions = operation.variableDefinitions ?? [];
  const { coerced } = getVariableValues(schema, definitions, variables, { maxErrors: 1 });
  const fragments = document.definitions
    .filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION)
    .map((fragment) => [fragment.name.value, fragment] as const);
  yield* usesIn(operation.selectionSet, root, {
    ...requested,
    coerced,
    given: { variables, definitions },
    fragments: new Map(fragments),
    visited: new Set(),
  });
}

function* usesIn(
  { selections }: SelectionSetNode,
  parent: GraphQLCompositeType,
  walk: Walk,
): Generator<Use> {
  for (const selection of selections) {
    if (!isActive(selection, walk)) continue;
    if (selection.kind === Kind.FIELD) {
      yield* usesOfField(selection, parent, walk);
      continue;
    }
    const fragment =
      selection.kind === Kind.FRAGMENT_SPREAD ? spread(selection.name.value, walk) : selection;
    if (fragment === undefined) continue;
    const condition = fragment.typeCondition?.name.value;
    const type = condition === undefined ? parent : walk.schema.getType(condition);
    if (isCompositeType(type)) yield* usesIn(fragment.selectionSet, type, walk);
  }
}

function spread(name: string, { fragments, visited }: Walk): FragmentDefinitionNode | undefined {
  if (visited.has(name)) return undefined;
  visited.add(name);
  return fragments.get(name);
}

function* usesOfField(node: FieldNode, parent: GraphQLCompositeType, walk: Walk): Generator<Use> {
  const field = isUnionType(parent) ? undefined : parent.getFields()[node.name.value];
  // Introspection fields are none of a type's own.
  if (field === undefined) return;
  if (isRootType(parent, walk.schema)) {
    yield {
      coordinate: memberOf(parent, field),
      node,
      mayBeSelf: (self, viewer) => mayBeSelf(self, viewer, { field, node }, walk),
    };
  }
  if (walk.coerced === undefined || !rulesOf(walk.schema).guardInput) return;
  for (const coordinate of inputsGivenTo(node, { parent, field }, walk)) yield { coordinate, node };
  const type = getNamedType(field.type);
  if (node.selectionSet && isCompositeType(type)) yield* usesIn(node.selectionSet, type, walk);
}

function* inputsGivenTo(
  node: FieldNode,
  { parent, field }: { parent: GraphQLCompositeType; field: GraphQLField<unknown, unknown> },
  { schema, given }: Walk,
): Generator<string> {
  // Behind an interface any type may answer, so that the arguments' rules of all of them hold.
  const types = isObjectType(parent) ? [parent] : [parent, ...schema.getPossibleTypes(parent)];
  for (const { name, value } of node.arguments ?? []) {
    const argument = field.args.find((candidate) => candidate.name === name.value);
    if (argument === undefined) continue;
    if (!isGiven(value, given)) continue;
    for (const type of types) yield argumentOf(type, field, argument);
    yield* inputsIn(value, argument.type, given);
  }
}

/** True also where the argument is a variable whose value is not known: the refusal is then not certain. */
function mayBeSelf(
  self: string | undefined,
  viewer: Viewer,
  { field, node }: { field: GraphQLField<unknown, unknown>; node: FieldNode },
  { coerced }: Walk,
): boolean {
  const argument = field.args.find(({ name }) => name === self);
  if (argument === undefined) return false;
  const value = node.arguments?.find(({ name }) => name.value === self)?.value;
  if (value?.kind === Kind.VARIABLE && coerced === undefined) return true;
  const given = value && valueFromAST(value, argument.type, coerced);
  return isSelf(given === undefined ? argument.defaultValue : given, viewer);
}

/** By `@skip` and `@include`; what hangs on a variable of no known value is left out. */
function isActive({ directives = [] }: SelectionNode, { coerced }: Walk): boolean {
  return directives.every(({ name, arguments: [argument] = [] }) => {
    if (name.value !== 'skip' && name.value !== 'include') return true;
    const condition = argument && valueFromAST(argument.value, GraphQLBoolean, coerced);
    return condition === (name.value === 'include');
  });
}
