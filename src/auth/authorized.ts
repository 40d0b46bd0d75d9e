import { Directive } from 'type-graphql';
import type { Role } from './role.js';

export { Owner, ownerOf } from './owner.js';
export { Members, Tenant } from './tenant.js';

/** What a refused field becomes. */
export enum OnDenied {
  ERROR = 'ERROR',
  /** Null without an error: for nullable positions below the root. */
  NULL = 'NULL',
}

/**
 * Who may. A person passes when (some role matches or they own the object) and the scopes hold; a part
 * that is absent holds. A machine client passes only by a named scope, a role, or `clients`.
 */
export interface AuthorizedRule {
  readonly roles?: readonly Role[];
  /** One of these sets has to be granted whole: an OR of ANDs. */
  readonly scopes?: readonly (readonly string[])[];
  /** Lets pass whom the object belongs to, by its class's `@Owner()`. */
  readonly owner?: boolean;
  /** The argument of a root field that lets pass the viewer whose own id or subject it names. */
  readonly self?: string;
  /** Admits any machine client with a verified token. */
  readonly clients?: boolean;
  readonly onDenied?: OnDenied;
}

/**
 * Guards an object type, a field or resolver method, an `@Arg` or an input field. Without a rule: a
 * signed-in person. It is the directive `@authorized` of the schema; `buildSchema` enforces it.
 */
export function Authorized(rule: AuthorizedRule = {}): ReturnType<typeof Directive> {
  return Directive(authorizedSdl(rule));
}

/** Opens a root field, or an object type that it leads to, to everyone. The reason is for the reviewer. */
export function Public(reason: string): ClassDecorator & PropertyDecorator & MethodDecorator {
  return Directive(`@public(reason: ${JSON.stringify(reason)})`);
}

const enumRules = new WeakMap<object, ReadonlyMap<string, AuthorizedRule>>();

/** Guards values of an enum as input, which have no place for a decorator. */
export function authorizedEnumValues<Values extends object>(
  enumObject: Values,
  rules: { readonly [Value in keyof Values]?: AuthorizedRule },
): void {
  enumRules.set(
    enumObject,
    new Map(Object.entries<AuthorizedRule | undefined>(rules).flatMap(given)),
  );
}

/** The rules that `authorizedEnumValues` was given for this enum, by value name. */
export function enumValueRules(enumObject: object): ReadonlyMap<string, AuthorizedRule> {
  return enumRules.get(enumObject) ?? new Map();
}

/** The rule as the directive that the schema shows. */
export function authorizedSdl(rule: AuthorizedRule): string {
  const parts = [
    rule.roles && `roles: [${rule.roles.map(enumSdl).join(', ')}]`,
    rule.scopes && `scopes: ${JSON.stringify(rule.scopes)}`,
    rule.owner && 'owner: true',
    rule.self !== undefined && `self: ${JSON.stringify(rule.self)}`,
    rule.clients && 'clients: true',
    rule.onDenied && `onDenied: ${enumSdl(rule.onDenied)}`,
  ].filter((part) => typeof part === 'string');
  return parts.length === 0 ? '@authorized' : `@authorized(${parts.join(', ')})`;
}

/** What is no name stays a string, so that the check at start can show it as it was written. */
function enumSdl(value: string): string {
  return /^[_A-Za-z]\w*$/.test(value) ? value : JSON.stringify(value);
}

function given([value, rule]: [string, AuthorizedRule | undefined]): [string, AuthorizedRule][] {
  return rule === undefined ? [] : [[value, rule]];
}
