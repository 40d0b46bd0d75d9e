import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql';
import { sampleText } from './sample-value.js';

/** Where the values of a probe's arguments come from. */
export interface ValueSource {
  /** The schema coordinate of an argument, input field or enum value that has to be used. */
  readonly must?: string | undefined;
  readonly idFor: (name: string) => Promise<string>;
  /** What a column of that name takes; undefined where there is none. */
  readonly columnValue: (name: string) => unknown;
}

/** Values for the arguments that a field needs, and for those that lead to what has to be used. */
export async function argumentsOf(
  parent: string,
  field: GraphQLField<unknown, unknown>,
  source: ValueSource,
): Promise<Readonly<Record<string, unknown>>> {
  const isUsed = (argument: GraphQLArgument) =>
    isRequiredArgument(argument) ||
    `${parent}.${field.name}(${argument.name}:)` === source.must ||
    leadsTo(argument.type, source.must);
  return inputValues(field.args.filter(isUsed), source);
}

/** Whether values of the type can hold the input field or enum value of this coordinate. */
export function leadsTo(
  type: GraphQLInputType,
  coordinate: string | undefined,
  visited: ReadonlySet<string> = new Set(),
): boolean {
  const named = getNamedType(type);
  if (coordinate === undefined || visited.has(named.name)) return false;
  if (isEnumType(named)) return coordinate.startsWith(`${named.name}.`);
  if (!isInputObjectType(named)) return false;
  const seen = new Set([...visited, named.name]);
  return Object.values(named.getFields()).some(
    ({ name, type: inner }) =>
      `${named.name}.${name}` === coordinate || leadsTo(inner, coordinate, seen),
  );
}

async function inputValues(
  inputs: readonly (GraphQLArgument | GraphQLInputField)[],
  source: ValueSource,
): Promise<Readonly<Record<string, unknown>>> {
  const values: [string, unknown][] = [];
  for (const { name, type } of inputs) values.push([name, await inputValue(type, name, source)]);
  return Object.fromEntries(values);
}

async function inputValue(
  type: GraphQLInputType,
  name: string,
  source: ValueSource,
): Promise<unknown> {
  const nullable = getNullableType(type);
  if (isListType(nullable)) {
    // Nothing to be done at once, so that asking again and again does nothing.
    return leadsTo(type, source.must) ? [await inputValue(nullable.ofType, name, source)] : [];
  }
  const { must = '' } = source;
  if (isInputObjectType(nullable)) {
    const fields = Object.values(nullable.getFields()).filter(
      (field) =>
        isRequiredInputField(field) ||
        `${nullable.name}.${field.name}` === must ||
        leadsTo(field.type, must),
    );
    return inputValues(fields, source);
  }
  if (isEnumType(nullable)) {
    const names = nullable.getValues().map((value) => value.name);
    return names.find((value) => `${nullable.name}.${value}` === must) ?? names[0];
  }
  return scalarValue(nullable.name, name, source);
}

function scalarValue(scalar: string, name: string, source: ValueSource): unknown {
  switch (scalar) {
    case 'ID':
      return source.idFor(name);
    case 'Int':
      return 1;
    case 'Float':
      return 1.5;
    case 'Boolean':
      return true;
    case 'DateTime':
    case 'DateTimeISO':
    case 'Timestamp':
      return new Date().toISOString();
    case 'Date':
      return '2026-01-31';
    case 'JSON':
    case 'JSONObject':
      return {};
    case 'String':
      return source.columnValue(name) ?? sampleText(name);
    default:
      return source.columnValue(name) ?? sampleText(scalar);
  }
}
