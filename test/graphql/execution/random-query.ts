import fc from 'fast-check';
import {
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';

/** Literals for arguments by their names, several of each: what is found, what is not, what does not fit. */
export type Literals = Readonly<Record<string, readonly string[]>>;

export interface Asked {
  readonly literals: Literals;
  /** Fields that are never asked for, such as `Query.poolCalls`. */
  readonly except: readonly string[];
}

/**
 * Queries of the schema: aliases, fragments within fragments, the same field at several places, `__typename`, fields whose
 * arguments are all optional or among the literals.
 */
export function randomQuery(schema: GraphQLSchema, asked: Asked): fc.Arbitrary<string> {
  const query = schema.getQueryType();
  if (!query) throw new Error('The schema has no queries.');
  return selectionOf(query, { ...asked, schema, depth: 5 }).map(
    (selection) => `query Random ${selection}`,
  );
}

interface Place extends Asked {
  readonly schema: GraphQLSchema;
  readonly depth: number;
}

function selectionOf(type: GraphQLNamedType, place: Place): fc.Arbitrary<string> {
  const fields = isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : [];
  const selectable = fields.filter(
    (field) => !place.except.includes(`${type.name}.${field.name}`) && isSelectable(field, place),
  );
  const parts: fc.Arbitrary<string>[] = [fc.constant('__typename')];
  for (const field of selectable) parts.push(fieldOf(field, place), fieldOf(field, place));
  for (const fragment of fragmentsOf(type, place)) parts.push(fragment);
  return fc
    .array(fc.oneof(...parts), { minLength: 1, maxLength: 5 })
    .map((chosen) => `{ ${[...new Set(chosen)].join(' ')} }`);
}

function isSelectable({ args, type }: GraphQLField<unknown, unknown>, { literals, depth }: Place) {
  if (isCompositeType(getNamedType(type)) && depth === 0) return false;
  return args.every((arg) => !isRequiredArgument(arg) || arg.name in literals);
}

let lastAlias = 0;

function fieldOf(field: GraphQLField<unknown, unknown>, place: Place): fc.Arbitrary<string> {
  const args = field.args.filter(({ name }) => name in place.literals);
  const given = fc.tuple(
    ...args.map((arg) => {
      const literal = fc
        .constantFrom(...(place.literals[arg.name] ?? []))
        .map((value) => `${arg.name}: ${value}`);
      return isRequiredArgument(arg) ? literal : fc.option(literal, { nil: undefined });
    }),
  );
  return fc
    .tuple(given, fc.boolean(), subselectionOf(field.type, place))
    .map(([values, isAliased, selection]) => {
      const written = values.filter((value) => value !== undefined);
      const list = written.length > 0 ? `(${written.join(', ')})` : '';
      // One alias for each field with arguments, so that no two conflict; others are merged.
      const alias = isAliased || written.length > 0 ? `a${++lastAlias}: ` : '';
      return `${alias}${field.name}${list}${selection}`;
    });
}

function subselectionOf(type: GraphQLOutputType, place: Place): fc.Arbitrary<string> {
  const named = getNamedType(type);
  if (!isCompositeType(named)) return fc.constant('');
  return selectionOf(named, { ...place, depth: place.depth - 1 }).map((inner) => ` ${inner}`);
}

function fragmentsOf(type: GraphQLNamedType, place: Place): fc.Arbitrary<string>[] {
  if (!isCompositeType(type) || place.depth === 0) return [];
  const deeper = { ...place, depth: place.depth - 1 };
  const possible = isAbstractType(type) ? place.schema.getPossibleTypes(type) : [type];
  return possible.map((condition) =>
    selectionOf(condition, deeper).map((selection) => `... on ${condition.name} ${selection}`),
  );
}
