import {
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
} from 'graphql';

/** One field on the way from the root to what a row is about, with its arguments. */
export interface Step {
  readonly field: string;
  readonly args?: Readonly<Record<string, unknown>>;
  /** The object type that the field is asked of, where the step before leads to an interface or union. */
  readonly on?: string;
}

/** What is asked for, and how deep the ids of what is answered are asked for. */
export interface Asked {
  readonly root?: 'Query' | 'Mutation' | 'Subscription';
  readonly steps: readonly Step[];
}

/** Levels below an operation's answer where ids are looked for, as in `{ edges { node { id } } }`. */
const ID_LEVELS = 3;

interface Declared {
  readonly name: string;
  readonly type: string;
  readonly value: unknown;
}

interface Writing {
  readonly schema: GraphQLSchema;
  readonly declared: Declared[];
  readonly idLevels: number;
}

/** The operation that takes these steps; with `ids` it asks what it finds for its ids. */
export function requestOf(
  { root = 'Query', steps }: Asked,
  schema: GraphQLSchema,
  selects: 'ids' | 'type name',
) {
  const writing = { schema, declared: [], idLevels: selects === 'ids' ? ID_LEVELS : 0 } as Writing;
  const selection = selectionOf(schema.getType(root), steps, writing);
  const { declared } = writing;
  const parameters = declared.map(({ name, type }) => `$${name}: ${type}`).join(', ');
  return {
    query: `${root.toLowerCase()} Probe${parameters && `(${parameters})`} ${selection}`,
    variables: Object.fromEntries(declared.map(({ name, value }) => [name, value])),
  };
}

function selectionOf(
  type: GraphQLNamedType | undefined,
  [step, ...rest]: readonly Step[],
  writing: Writing,
): string {
  if (step === undefined) return isCompositeType(type) ? foundIn(type, writing.idLevels) : '';
  const { field: name, args = {}, on } = step;
  const field = fieldOf(on === undefined ? type : writing.schema.getType(on), name);
  const given = Object.entries(args).map(([argument, value]) => {
    const variable = { name: `v${writing.declared.length}`, type: typeOf(field, argument), value };
    writing.declared.push(variable);
    return `${argument}: $${variable.name}`;
  });
  const call = given.length > 0 ? `${name}(${given.join(', ')})` : name;
  const selected = `{ ${call} ${selectionOf(getNamedType(field.type), rest, writing)} }`;
  return on === undefined ? selected : `{ ... on ${on} ${selected} }`;
}

/** The id, or of what has none, such as a payload or a connection, the ids of what is in it. */
function foundIn(type: GraphQLNamedType, levels: number): string {
  const ids: string[] = [];
  if (levels > 0 && (isObjectType(type) || isInterfaceType(type))) {
    const fields = Object.values(type.getFields());
    if (type.getFields().id !== undefined) ids.push('id');
    else {
      for (const field of fields.filter(({ args }) => args.length === 0)) {
        const inside = getNamedType(field.type);
        if (!isCompositeType(inside)) continue;
        const found = foundIn(inside, levels - 1);
        if (/\bid\b/.test(found)) ids.push(`${field.name} ${found}`);
      }
    }
  }
  return `{ ${['__typename', ...ids].join(' ')} }`;
}

function fieldOf(type: GraphQLNamedType | undefined, name: string) {
  const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
  if (field === undefined) throw new Error(`${type?.name} has no field ${name}.`);
  return field;
}

function typeOf(field: GraphQLField<unknown, unknown>, argument: string): string {
  const found = field.args.find(({ name }) => name === argument);
  if (found === undefined) throw new Error(`${field.name} has no argument ${argument}.`);
  // A value is given, so that none is needed by default.
  return String(found.defaultValue === undefined ? found.type : getNullableType(found.type));
}
