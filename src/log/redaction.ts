import { LifeguardError } from '../errors.js';

/** Keys whose values never reach the log, compared without case, `_` and `-`. */
const WITHHELD = new Set(
  `authorization proxyauthorization cookie setcookie token accesstoken idtoken refreshtoken
  bearer password newpassword previouspassword proposedpassword secret clientsecret secrethash
  session email phonenumber name givenname familyname middlename nickname username
  preferredusername picture website profile address birthdate gender attributes userattributes
  variables parameters params webhooksecret webhooksignature`.split(/\s+/),
);
const DEEPEST = 6;
const LONGEST_TEXT = 2000;

interface PrivateText {
  /** Without it the pattern need not be looked for, which takes far longer. */
  readonly sign: string;
  readonly pattern: RegExp;
  readonly label: string;
}

/** Whatever its place in a text: something like a JWT, an e-mail address, credentials in a URL. */
const PRIVATE_TEXTS: readonly PrivateText[] = [
  { sign: 'eyJ', pattern: /eyJ[\w-]{4,}(?:\.[\w-]*){0,4}/g, label: '[token]' },
  { sign: '@', pattern: /(?<=:\/\/)[^\s"/@]{1,256}@/g, label: '[credentials]@' },
  {
    sign: '@',
    pattern: /[\p{L}\p{N}._+%'-]{1,64}@[\p{L}\p{N}.-]{1,253}\.\p{L}{2,24}/gu,
    label: '[e-mail]',
  },
  // As a path has it.
  {
    sign: '%40',
    pattern: /[\p{L}\p{N}._+%'-]{1,64}%40[\p{L}\p{N}.-]{1,253}\.\p{L}{2,24}/gu,
    label: '[e-mail]',
  },
];

/** Not within an escape: the `n` of `\n` is of no address, and without it there would be no JSON left. */
const OUTSIDE_ESCAPES = String.raw`(?<!(?<!\\)(?:\\\\)*\\(?:u[\da-f]{0,3})?)`;

const PRIVATE_TEXTS_IN_JSON = PRIVATE_TEXTS.map(({ pattern, ...rest }) => ({
  ...rest,
  pattern: new RegExp(OUTSIDE_ESCAPES + pattern.source, pattern.flags),
}));

/** A text without what looks like a token, an e-mail address or credentials. */
export function scrubbed(text: string): string {
  return without(PRIVATE_TEXTS, text);
}

/** The same for JSON, which stays JSON. */
export function scrubbedJson(json: string): string {
  return without(PRIVATE_TEXTS_IN_JSON, json);
}

function without(privateTexts: readonly PrivateText[], text: string): string {
  return privateTexts.reduce(
    (rest, { sign, pattern, label }) => (rest.includes(sign) ? rest.replace(pattern, label) : rest),
    text,
  );
}

/** A copy for the log: private keys withheld at any depth, errors described, instances only named. */
export function redacted(fields: Record<string, unknown>, depth = 0): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(fields)) {
    const value = fields[key];
    copy[key] = isWithheld(key) && value !== undefined ? '[withheld]' : loggable(value, depth + 1);
  }
  return copy;
}

/** Of keys that came before; most are written in this server's code, and come with each line. */
const decided = new Map<string, boolean>();
const MOST_DECIDED = 1_000;

function isWithheld(key: string): boolean {
  const known = decided.get(key);
  if (known !== undefined) return known;
  const answer = WITHHELD.has(key.toLowerCase().replace(/[_-]/g, ''));
  if (decided.size < MOST_DECIDED) decided.set(key, answer);
  return answer;
}

function loggable(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Error) return describedError(value);
  if (value instanceof Date) return value;
  if (depth > DEEPEST) return '[deeper]';
  if (Array.isArray(value)) return value.map((entry) => loggable(entry, depth + 1));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return namedOnly(value);
  // Its prototype says that this is a plain object.
  return redacted(value as Record<string, unknown>, depth);
}

/** An entity prints itself as `<User id>`; of anything else only the class is told. */
function namedOnly(value: object): string {
  const printed = String(value);
  return printed.startsWith('<') ? printed : `[${value.constructor?.name ?? 'object'}]`;
}

export interface DescribedError {
  readonly type: string;
  readonly message: string;
  /** Call sites alone. */
  readonly stack: string;
  readonly cause?: DescribedError;
  readonly errors?: readonly DescribedError[];
  readonly [detail: string]: unknown;
}

/** Of an error only what names the fault: SQL, its parameters and row values stay out. */
export function describedError(error: Error, depth = 0): DescribedError {
  return {
    type: error.name,
    message: messageOf(error),
    ...faultNames(error),
    stack: callSites(error),
    ...(depth < DEEPEST && causesOf(error, depth + 1)),
  };
}

/** The message with what may hold row values taken out. */
export function messageOf(error: Error): string {
  // PostgreSQL quotes values in class 22 messages, and MikroORM appends the row to the others.
  if (isSqlState(codeOf(error), '22')) return 'a value does not fit (withheld)';
  const [firstLine = ''] = error.message.split('\n', 1);
  return scrubbed(firstLine).slice(0, LONGEST_TEXT);
}

function faultNames(error: Error): Record<string, unknown> {
  const names = ['code', 'reason', 'constraint', 'table', 'column', 'syscall', 'path'];
  const details = names.flatMap((name) => {
    const detail: unknown = Reflect.get(error, name);
    const isName = typeof detail === 'string' || typeof detail === 'number';
    if (isName) return [[name, typeof detail === 'string' ? scrubbed(detail) : detail]];
    return Array.isArray(detail) ? [[name, detail.join('.')]] : [];
  });
  return Object.fromEntries(details);
}

/** Without its head, which repeats the message. */
function callSites(error: Error): string {
  const lines = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return lines.slice(0, 30).join('\n');
}

function causesOf(error: Error, depth: number): Pick<DescribedError, 'cause' | 'errors'> {
  const cause: unknown = error.cause ?? Reflect.get(error, 'originalError');
  const several: unknown = Reflect.get(error, 'errors');
  return {
    ...(cause instanceof Error && cause !== error && { cause: describedError(cause, depth) }),
    ...(Array.isArray(several) && {
      errors: several
        .filter((one) => one instanceof Error)
        .slice(0, 5)
        .map((one) => describedError(one, depth)),
    }),
  };
}

function codeOf(error: Error): unknown {
  return error instanceof LifeguardError ? undefined : Reflect.get(error, 'code');
}

/** A five-character SQLSTATE of a class (PostgreSQL documentation, appendix A). */
function isSqlState(code: unknown, errorClass: string): boolean {
  return typeof code === 'string' && code.length === 5 && code.startsWith(errorClass);
}
