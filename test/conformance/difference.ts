import { inspect, isDeepStrictEqual } from 'node:util';

/** What a pool does otherwise than AWS's documentation says. */
export class Difference extends Error {
  override readonly name = 'Difference';
  constructor(
    readonly what: string,
    readonly expected: string,
    readonly got: string,
  ) {
    super(`${what}\nexpected  ${expected}\ngot       ${got}`);
  }
}

/** Expects a member not to be there. */
export const absent = Symbol('absent');

const TYPES = new Map<unknown, string>([
  [String, 'a string'],
  [Number, 'a number'],
  [Boolean, 'a boolean'],
  [Date, 'a date'],
  [Array, 'a list'],
]);

/**
 * Compares an answer with what is expected of it: a regular expression stands for a text of its form,
 * `String`, `Number`, `Boolean`, `Date` and `Array` for any value of theirs, `absent` for no such member. Members that
 * are not named are not compared.
 * @throws Difference
 */
export function expectShape(what: string, got: unknown, expected: unknown): void {
  if (expected === absent) {
    if (got !== undefined) throw new Difference(what, 'nothing', shown(got));
  } else if (expected instanceof RegExp) {
    if (typeof got !== 'string' || !expected.test(got))
      throw new Difference(what, `a text of the form ${expected}`, shown(got));
  } else if (TYPES.has(expected)) {
    if (!isOf(expected, got)) throw new Difference(what, TYPES.get(expected) ?? '', shown(got));
  } else if (Array.isArray(expected)) {
    if (!Array.isArray(got) || got.length !== expected.length)
      throw new Difference(what, shown(expected), shown(got));
    for (const [index, item] of expected.entries())
      expectShape(`${what}[${index}]`, got[index], item);
  } else if (typeof expected === 'object' && expected !== null) {
    if (typeof got !== 'object' || got === null)
      throw new Difference(what, shown(expected), shown(got));
    for (const [member, value] of Object.entries(expected))
      expectShape(`${what}.${member}`, Reflect.get(got, member), value);
  } else {
    expectSame(what, got, expected);
  }
}

/** @throws Difference */
export function expectSame(what: string, got: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(got, expected)) throw new Difference(what, shown(expected), shown(got));
}

/** That two lists have the same members, in any order. @throws Difference */
export function expectMembers(
  what: string,
  got: readonly unknown[] | undefined,
  expected: readonly unknown[],
): void {
  const sorted = (list: readonly unknown[] = []) => [...list].map(String).sort();
  expectSame(what, sorted(got), sorted(expected));
}

/** That a call is refused, by an error of this name or one of these. @throws Difference */
export async function expectRefusal(
  what: string,
  call: Promise<unknown>,
  ...names: readonly [string, ...string[]]
): Promise<void> {
  const expected = names.join(' or ');
  const outcome = await call.then(
    (answer) => ({ answer }),
    (error: unknown) => ({ error }),
  );
  if ('answer' in outcome)
    throw new Difference(what, expected, `an answer: ${shown(outcome.answer)}`);
  const name = nameOf(outcome.error);
  if (!names.includes(name))
    throw new Difference(what, expected, `${name}: ${textOf(outcome.error)}`);
}

/** An error's name in the API. Not by its class: a test's realm has an `Error` of its own. */
export function nameOf(error: unknown): string {
  const name: unknown = Reflect.get(Object(error), 'name');
  return typeof name === 'string' ? name : 'no name';
}

/** An error's message, on one line. */
export function textOf(error: unknown): string {
  const message: unknown = Reflect.get(Object(error), 'message');
  return (typeof message === 'string' ? message : inspect(error)).replace(/\s+/g, ' ');
}

function isOf(type: unknown, got: unknown): boolean {
  if (type === Date) return Object.prototype.toString.call(got) === '[object Date]';
  if (type === Array) return Array.isArray(got);
  return TYPES.get(type) === `a ${typeof got}`;
}

/** On one line, without tokens and the SDK's metadata, cut short. */
function shown(value: unknown): string {
  const plain =
    typeof value === 'object' && value !== null && '$metadata' in value
      ? Object.fromEntries(Object.entries(value).filter(([key]) => key !== '$metadata'))
      : value;
  const text = inspect(plain, { depth: 4, breakLength: Number.POSITIVE_INFINITY })
    .replace(JWT, '<a JWT>')
    .replace(/\s+/g, ' ');
  return text.length > 300 ? `${text.slice(0, 300)}...` : text;
}

const JWT = /eyJ[\w-]+\.[\w-]+\.[\w-]+/g;
