import {
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
} from 'graphql';
import {
  type Access,
  type AccessRow,
  VIEWER_CLASSES,
  type ViewerClass,
} from '../../src/graphql/access-matrix.js';

/** One field on the way from the root to what a row is about, with its arguments. */
export interface Step {
  readonly field: string;
  readonly args?: Readonly<Record<string, unknown>>;
  /** The object type that the field is asked of, where the step before leads to an interface or union. */
  readonly on?: string;
}

/** How to ask for a row as one class of viewer. */
export interface Probe {
  /** The root type that the first step is of; Query by default. */
  readonly root?: 'Query' | 'Mutation' | 'Subscription';
  /** The last step is the row's field, or uses the row's argument, input field or enum value. */
  readonly steps: readonly Step[];
  /** The answer is null for other reasons than a rule. */
  readonly nullIsTheAnswer?: boolean;
}

interface Answer {
  readonly data?: unknown;
  readonly errors?: readonly AnsweredError[] | undefined;
}

interface AnsweredError {
  readonly message: string;
  readonly path?: readonly (string | number)[] | undefined;
  readonly extensions?: { readonly code?: unknown } | undefined;
}

export interface ExecutedMatrix {
  readonly schema: GraphQLSchema;
  readonly rows: readonly AccessRow[];
  readonly probe: (row: AccessRow, viewerClass: ViewerClass) => Probe | Promise<Probe>;
  readonly execute: (
    viewerClass: ViewerClass,
    request: { readonly query: string; readonly variables: Readonly<Record<string, unknown>> },
  ) => Promise<Answer>;
}

/** The rows with the access that asking the server has shown: to be compared with those given. */
export async function executeAccessMatrix(matrix: ExecutedMatrix): Promise<readonly AccessRow[]> {
  const observed: AccessRow[] = [];
  for (const row of matrix.rows) {
    const cells: [ViewerClass, Access][] = [];
    for (const viewerClass of VIEWER_CLASSES) {
      cells.push([viewerClass, await observedAccess(row, viewerClass, matrix)]);
    }
    // Each class has a cell.
    const access = Object.fromEntries(cells) as AccessRow['access'];
    observed.push({ ...row, access });
  }
  return observed;
}

async function observedAccess(
  row: AccessRow,
  viewerClass: ViewerClass,
  { schema, probe, execute }: ExecutedMatrix,
): Promise<Access> {
  const probed = await probe(row, viewerClass);
  const answer = await execute(viewerClass, requestOf(probed, schema));
  try {
    return accessIn(answer, row, probed);
  } catch (error) {
    throw new Error(`${row.coordinate} as ${viewerClass}: ${JSON.stringify(answer)}`, {
      cause: error,
    });
  }
}

function accessIn(answer: Answer, row: AccessRow, probe: Probe): Access {
  const { data, errors = [] } = answer;
  if (data === undefined) {
    if (errors.length > 0 && errors.every(isRefusal)) return 'no';
    throw new Error('The operation was not executed, for another reason than a rule.');
  }
  if (row.kind === 'operation') {
    // What it finds has rows of its own; a resolver may well not like the arguments of a probe.
    if (errors.every((error) => error.path && !isInternal(error))) return 'yes';
    throw new Error('The operation failed.');
  }
  if (errors.length > 0) {
    if (errors.every(isRefusal)) return 'no';
    throw new Error('The field failed for another reason than a rule.');
  }
  const [first, ...within] = probe.steps;
  // A row that is held back is not there, without a word.
  if (first && within.length > 0 && valueAt(data, [first]) === null) return 'no';
  if (probe.nullIsTheAnswer) return 'yes';
  return valueAt(data, probe.steps) === null ? 'null' : 'yes';
}

function isRefusal({ extensions }: AnsweredError): boolean {
  return extensions?.code === 'FORBIDDEN' || extensions?.code === 'UNAUTHENTICATED';
}

function isInternal({ extensions }: AnsweredError): boolean {
  return extensions?.code === undefined || extensions.code === 'INTERNAL_SERVER_ERROR';
}

/** Follows the steps, through lists by their first item; null as soon as something is null. */
function valueAt(data: unknown, steps: readonly Step[]): unknown {
  let value = data;
  for (const { field } of steps) {
    const object = firstOf(value);
    if (object === null) return null;
    value = typeof object === 'object' ? Reflect.get(object, field) : undefined;
    if (value === undefined) throw new Error(`There is no ${field} to look at.`);
  }
  return value;
}

function firstOf(value: unknown): unknown {
  return Array.isArray(value) ? firstOf(value[0]) : value;
}

interface Declared {
  readonly name: string;
  readonly type: string;
  readonly value: unknown;
}

function requestOf({ root = 'Query', steps }: Probe, schema: GraphQLSchema) {
  const declared: Declared[] = [];
  const selection = selectionOf(schema.getType(root), steps, { schema, declared });
  const parameters = declared.map(({ name, type }) => `$${name}: ${type}`).join(', ');
  return {
    query: `${root.toLowerCase()} Probe${parameters && `(${parameters})`} ${selection}`,
    variables: Object.fromEntries(declared.map(({ name, value }) => [name, value])),
  };
}

function selectionOf(
  type: GraphQLNamedType | undefined,
  [step, ...rest]: readonly Step[],
  request: { readonly schema: GraphQLSchema; readonly declared: Declared[] },
): string {
  if (step === undefined) return isCompositeType(type) ? '{ __typename }' : '';
  const { field: name, args = {}, on } = step;
  const field = fieldOf(on === undefined ? type : request.schema.getType(on), name);
  const given = Object.entries(args).map(([argument, value]) => {
    const variable = { name: `v${request.declared.length}`, type: typeOf(field, argument), value };
    request.declared.push(variable);
    return `${argument}: $${variable.name}`;
  });
  const call = given.length > 0 ? `${name}(${given.join(', ')})` : name;
  const selected = `{ ${call} ${selectionOf(getNamedType(field.type), rest, request)} }`;
  return on === undefined ? selected : `{ ... on ${on} ${selected} }`;
}

function fieldOf(type: GraphQLNamedType | undefined, name: string) {
  const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
  if (field === undefined) throw new Error(`${type?.name} has no field ${name}.`);
  return field;
}

function typeOf(field: GraphQLField<unknown, unknown>, argument: string): string {
  const found = field.args.find(({ name }) => name === argument);
  if (found === undefined) throw new Error(`${field.name} has no argument ${argument}.`);
  return String(found.type);
}
