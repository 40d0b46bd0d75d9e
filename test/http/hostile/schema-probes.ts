import {
  type GraphQLField,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedDirective,
  isSpecifiedScalarType,
} from 'graphql';

export interface Probe {
  readonly query: string;
  readonly variables?: object;
}

/** Every name that a schema gives to something of its own. */
export function trueNames(schema: GraphQLSchema): Set<string> {
  const names = new Set<string>();
  for (const type of Object.values(schema.getTypeMap())) {
    if (isIntrospectionType(type) || isSpecifiedScalarType(type)) continue;
    names.add(type.name);
    if (isEnumType(type)) for (const { name } of type.getValues()) names.add(name);
    if (!isObjectType(type) && !isInterfaceType(type) && !isInputObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      names.add(field.name);
      if ('args' in field) for (const { name } of field.args) names.add(name);
    }
  }
  for (const directive of schema.getDirectives()) {
    if (isSpecifiedDirective(directive)) continue;
    names.add(directive.name);
    for (const { name } of directive.args) names.add(name);
  }
  return names;
}

/** Near enough for graphql-js to suggest the true name: a letter left out, doubled, or too many. */
function typo(name: string, turn: number): string {
  const middle = Math.ceil(name.length / 2);
  const without = name.slice(0, middle) + name.slice(middle + 1);
  return (
    [
      without.length > 1 ? without : `${name}q`,
      `${name}x`,
      `${name.slice(0, middle)}${name.slice(middle - 1)}`,
    ][turn % 3] ?? name
  );
}

/**
 * What somebody asks who knows much of a schema, and guesses the rest: each name of it nearly right, in every
 * place where a name can be, and right ones in wrong places, which make graphql-js speak of types.
 */
export function probesOf(schema: GraphQLSchema): readonly Probe[] {
  return [...guesses(schema)].map((probe) =>
    typeof probe === 'string' ? { query: probe } : probe,
  );
}

function* guesses(schema: GraphQLSchema): Generator<Probe | string> {
  let turn = 0;
  for (const type of Object.values(schema.getTypeMap())) {
    if (isIntrospectionType(type) || isSpecifiedScalarType(type)) continue;
    const { name: T } = type;
    yield `{ ... on ${typo(T, turn++)} { __typename } }`;
    yield `query ($v: ${typo(T, turn++)}) { __typename }`;
    if (isEnumType(type)) {
      yield `query ($v: ${T} = 1) { __typename }`;
      for (const { name } of type.getValues()) {
        yield `query ($v: ${T} = ${typo(name, turn++)}) { __typename }`;
        yield `query ($v: ${T} = "${typo(name, turn++)}") { __typename }`;
      }
    }
    if (isInputObjectType(type)) {
      yield `query ($v: ${T} = {}) { __typename }`;
      yield `query ($v: ${T} = 1) { __typename }`;
      for (const name of Object.keys(type.getFields())) {
        yield `query ($v: ${T} = { ${typo(name, turn++)}: 1 }) { __typename }`;
        yield `query ($v: ${T} = { ${name}: {} }) { __typename }`;
      }
    }
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    yield `{ me { ... on ${T} { __typename } } }`;
    for (const field of Object.values(type.getFields())) {
      yield `query { ...F } fragment F on ${T} { ${typo(field.name, turn++)} }`;
      // Of two fields under one name graphql-js tells the types.
      yield `query { ...F } fragment F on ${T} { a: ${field.name} a: __typename }`;
      yield* ofField(schema, T, field, turn++);
    }
  }
  for (const { name, args } of schema.getDirectives()) {
    yield `{ __typename @${typo(name, turn++)} }`;
    yield `{ __typename @${name} }`;
    for (const { name: argument } of args) {
      yield `{ __typename @${name}(${typo(argument, turn++)}: 1) }`;
      yield `{ __typename @${name}(${argument}: [[{}]]) }`;
    }
  }
}

function* ofField(
  schema: GraphQLSchema,
  T: string,
  { name, args }: GraphQLField<unknown, unknown>,
  turn: number,
): Generator<string> {
  const operation = T === schema.getMutationType()?.name ? 'mutation' : 'query';
  const inside = T === 'Query' || T === 'Mutation' ? (text: string) => `{ ${text} }` : undefined;
  if (inside === undefined) {
    // A leaf with a selection, or an object without one.
    yield `query { ...F } fragment F on ${T} { ${name} }`;
    yield `query { ...F } fragment F on ${T} { ${name} { nothing } }`;
    return;
  }
  yield operation + inside(name);
  yield operation + inside(`${name} { nothing }`);
  for (const { name: argument } of args) {
    yield operation + inside(`${name}(${typo(argument, turn)}: 1) { __typename }`);
    yield operation + inside(`${name}(${argument}: [[true]]) { __typename }`);
    yield operation + inside(`${name}(${argument}: { nothing: 1 }) { __typename }`);
    yield `${operation} ($v: Boolean) ${inside(`${name}(${argument}: $v) { __typename }`)}`;
  }
}

/** Variables that do not fit inputs which any signed-in person may send. */
export function variableProbes(schema: GraphQLSchema): readonly Probe[] {
  const { updateMyProfile, deleteMyAccount, exportMyData, endSession } =
    schema.getMutationType()?.getFields() ?? {};
  return [updateMyProfile, deleteMyAccount, exportMyData, endSession].flatMap((field) => {
    const [input] = field?.args ?? [];
    if (field === undefined || input === undefined) throw new Error('a mutation was renamed');
    const query = `mutation ($v: ${input.type}) { ${field.name}(input: $v) { __typename } }`;
    const type = schema.getType(String(input.type).replace(/\W/g, ''));
    const names = isInputObjectType(type) ? Object.keys(type.getFields()) : [];
    const values = [
      ...names.map((name, turn) => ({ [typo(name, turn)]: 1 })),
      ...names.map((name) => ({ [name]: {} })),
      { '"': 1 },
      { 'a"; b': { '"': '"' } },
      {},
      1,
      null,
    ];
    return values.map((v) => ({ query, variables: { v } }));
  });
}
