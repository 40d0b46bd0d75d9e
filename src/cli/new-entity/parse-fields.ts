import type { FieldSpec } from './entity-spec.js';
import { constant } from './names.js';

/** What keeps an entity from being made, and how to mend it. */
export interface Fault {
  readonly problem: string;
  readonly remedy: string;
}

export const FIELD_HELP = `Fields: name:type, with spaces between; a type that ends with "?" may be null.
  text            up to 2000 characters; text(120) up to 120
  int             a whole number of 32 bits; int(1..1000) from 1 to 1000
  decimal         exact, 12 digits, 2 of them after the point, a text in the API; decimal(18,4) other numbers of digits
  float           a number of 64 bits
  boolean
  datetime        a moment; lists can be ordered by it
  date            a day of the calendar; lists can be ordered by it
  uuid
  Status(a,b)     an enum of that name with these values
  Order           a relation to another entity; Order gets a list of what leads to it

Example:
  npx lifeguard new entity Order --owner \\
    --fields 'total:decimal status:OrderStatus(open,paid) placedAt:datetime note:text?'
  npx lifeguard new entity OrderItem --owner-through order --fields 'order:Order quantity:int(1..1000)'`;

const FIELD =
  /^(?<name>[A-Za-z_]\w*):(?<type>[A-Za-z]\w*)(?:\((?<rule>[^()]*)\))?(?<nullable>\??)$/;

const LARGEST_INT = 2_147_483_647;
const LONGEST_TEXT = 2_000;

/** PostgreSQL, sections 8.3 and 8.1.2: beyond these the migration would fail. */
const MOST_CHARACTERS = 10_485_760;
const MOST_DIGITS = 1_000;

/** Fields as they are written on the command line, and what is wrong with those that are none. */
export function parseFields(text: string): readonly (FieldSpec | Fault)[] {
  const parts = text.match(/\([^)]*\)?|[^\s()]+/g) ?? [];
  const fields: string[] = [];
  // What is between parentheses may have spaces.
  for (const part of parts) {
    const isContinued = part.startsWith('(') || /^\?$/.test(part);
    if (isContinued) fields.push(`${fields.pop() ?? ''}${part.replaceAll(/\s/g, '')}`);
    else fields.push(part);
  }
  return fields.map(parseField);
}

export function isFault(field: FieldSpec | Fault): field is Fault {
  return 'problem' in field;
}

function parseField(text: string): FieldSpec | Fault {
  const { name, type, rule, nullable: mark } = FIELD.exec(text)?.groups ?? {};
  if (name === undefined || type === undefined)
    return fault(text, 'is no field', 'Write name:type, such as note:text?');
  const named = { name, nullable: mark === '?' };
  if (/^[A-Z]/.test(type)) {
    if (rule === undefined) return { ...named, kind: 'relation', type };
    const values = rule.split(',').map((value) => constant(value.trim()));
    return { ...named, kind: 'enum', type, values };
  }
  switch (type) {
    case 'text': {
      const most = wholeNumber(rule ?? String(LONGEST_TEXT));
      if (most !== undefined && most > 0 && most <= MOST_CHARACTERS)
        return { ...named, kind: 'text', most };
      return fault(text, 'has no such length', 'Write text(120) for up to 120 characters');
    }
    case 'int': {
      const [least, most] = rule?.split('..').map(wholeNumber) ?? [-LARGEST_INT, LARGEST_INT];
      if (least !== undefined && most !== undefined && least <= most && isOf32Bits(least, most))
        return { ...named, kind: 'int', least, most };
      return fault(text, 'has no such range', 'Write int(1..1000) for 1 to 1000');
    }
    case 'decimal': {
      const [precision, scale] = rule?.split(',').map(wholeNumber) ?? [12, 2];
      const areNumbers = precision !== undefined && scale !== undefined;
      if (areNumbers && scale >= 0 && scale < precision && precision <= MOST_DIGITS)
        return { ...named, kind: 'decimal', precision, scale };
      return fault(
        text,
        'has no such digits',
        'Write decimal(12,2): digits in all, after the point',
      );
    }
    case 'float':
    case 'boolean':
    case 'datetime':
    case 'date':
    case 'uuid':
      if (rule === undefined) return { ...named, kind: type };
      return fault(text, `is a ${type} with a rule`, `Write ${name}:${type}`);
    default:
      return fault(
        text,
        'has a type that there is not',
        'Use text, int, decimal, float, boolean, datetime, date, uuid, Name(a,b) for an enum or Name for a relation',
      );
  }
}

function fault(text: string, problem: string, remedy: string): Fault {
  return { problem: `the field "${text}" ${problem}`, remedy };
}

function wholeNumber(text: string): number | undefined {
  return /^\s*-?\d{1,10}\s*$/.test(text) ? Number(text) : undefined;
}

function isOf32Bits(...numbers: readonly number[]): boolean {
  return numbers.every((number) => Math.abs(number) <= LARGEST_INT);
}
