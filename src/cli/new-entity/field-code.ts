import type { FieldSpec } from './entity-spec.js';
import { camel } from './names.js';

/** A field in the languages that it is written in. */
export interface FieldCode {
  /** Of the input that gives it: a relation is given by an id. */
  readonly input: string;
  readonly typescript: string;
  readonly graphql: string;
  /** What is said of the input, if anything. */
  readonly description: string | undefined;
  /** The options of the column's decorator. */
  readonly column: string;
  /** The checked value of the input `input.<name>`, which is not null. */
  checked(expression: string): string;
  /** Two values for tests, in JSON, and one that breaks the rule, with how the message goes on. */
  readonly samples: readonly [string, string];
  readonly bad: { readonly value: string; readonly rule: string } | undefined;
}

export function fieldCode(field: FieldSpec): FieldCode {
  const code = codeOf(field);
  return {
    input: field.name,
    description: undefined,
    checked: (expression) => expression,
    bad: undefined,
    ...code,
  };
}

type Written = Pick<FieldCode, 'typescript' | 'graphql' | 'column' | 'samples'> &
  Partial<FieldCode>;

function codeOf(field: FieldSpec): Written {
  const { name } = field;
  switch (field.kind) {
    case 'text': {
      const { most } = field;
      return {
        typescript: 'string',
        graphql: 'String',
        column: `type: 'string', length: ${most}`,
        description: `Up to ${most} characters.`,
        checked: (given) => `textIn('${name}', ${given}, { most: ${most} })`,
        samples: [quoted('First'.slice(0, most)), quoted('Other'.slice(0, most))],
        bad: { value: `'x'.repeat(${most + 1})`, rule: `must have 1 to ${most} characters` },
      };
    }
    case 'int': {
      const { least, most } = field;
      const isAny = most - least > 4_000_000_000;
      return {
        typescript: 'number',
        graphql: 'Int',
        column: `type: 'integer'`,
        samples: [String(within(7, least, most)), String(within(8, least, most))],
        ...(!isAny && {
          description: `From ${least} to ${most}.`,
          checked: (given) => `numberIn('${name}', ${given}, { least: ${least}, most: ${most} })`,
          bad: { value: String(least - 1), rule: `must be from ${least} to ${most}` },
        }),
      };
    }
    case 'decimal': {
      const { precision, scale } = field;
      const digits = precision - scale;
      const zeros = scale === 0 ? '' : `.${'0'.repeat(scale)}`;
      return {
        typescript: 'string',
        graphql: 'String',
        column: `type: 'decimal', precision: ${precision}, scale: ${scale}`,
        description: `A decimal number with up to ${digits} digits before the point and ${scale} after it, such as \`7${zeros}\`.`,
        checked: (given) =>
          `decimalIn('${name}', ${given}, { precision: ${precision}, scale: ${scale} })`,
        samples: [quoted(`7${zeros}`), quoted(`8${zeros}`)],
        bad: { value: `'1,5'`, rule: 'must be a decimal number' },
      };
    }
    case 'float':
      return simple('number', 'Float', 'double', ['1.5', '2.5']);
    case 'boolean':
      return simple('boolean', 'Boolean', 'boolean', ['true', 'false']);
    case 'datetime':
      return simple('Date', 'GraphQLDateTime', 'datetime', [
        `'2026-01-31T12:00:00.000Z'`,
        `'2026-02-28T12:00:00.000Z'`,
      ]);
    case 'date':
      return simple('string', 'GraphQLLocalDate', 'date', [`'2026-01-31'`, `'2026-02-28'`]);
    case 'uuid':
      return simple('string', 'GraphQLUUID', 'uuid', [
        `'0192f0c1-0000-7000-8000-000000000001'`,
        `'0192f0c1-0000-7000-8000-000000000002'`,
      ]);
    case 'enum': {
      const [first = '', other = first] = field.values;
      return {
        typescript: field.type,
        graphql: field.type,
        column: `items: () => ${field.type}`,
        samples: [quoted(first), quoted(other)],
      };
    }
    case 'relation': {
      const input = `${name}Id`;
      const id = `${camel(name)}.id`;
      return { input, typescript: 'string', graphql: 'ID', column: '', samples: [id, id] };
    }
  }
}

function simple(
  typescript: string,
  graphql: string,
  column: string,
  samples: readonly [string, string],
): Written {
  return { typescript, graphql, column: `type: '${column}'`, samples };
}

function quoted(text: string): string {
  return `'${text}'`;
}

function within(number: number, least: number, most: number): number {
  return Math.min(Math.max(number, least), most);
}
