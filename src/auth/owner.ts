import { type Marked, PropertyMark } from './mark.js';
import type { Role } from './role.js';

export interface OwnerOptions {
  /**
   * Who may create, change and delete rows of others besides: by default those of STAFF whom the rule of
   * the type names.
   */
  readonly write?: readonly Role[];
  /** Who may give a row to somebody else; nobody by default. */
  readonly reassign?: readonly Role[];
}

const owners = new PropertyMark<OwnerOptions>('@Owner()');

/**
 * Marks the property of a class that leads to the user an object belongs to. Its value is the user's
 * id, or an object with that `id`, such as a `User` or a reference to one. On an entity it may also be a
 * relation to another entity with an `@Owner()`, and is the rule of its rows: see `docs/row-rules.md`.
 */
export function Owner(options: OwnerOptions = {}): PropertyDecorator {
  return (prototype, property) => owners.put(prototype, property, options);
}

/** The id of the user that the object belongs to; none for an object of a class without `@Owner()`. */
export function ownerOf(object: unknown): string | undefined {
  if (typeof object !== 'object' || object === null) return undefined;
  const property = owners.on(object)?.property;
  if (property === undefined) return undefined;
  const owner: unknown = Reflect.get(object, property);
  if (typeof owner === 'string') return owner;
  if (typeof owner !== 'object' || owner === null) return undefined;
  const id: unknown = Reflect.get(owner, 'id');
  return typeof id === 'string' ? id : undefined;
}

/** The `@Owner()` of a class, given by its prototype. */
export function ownerMark(prototype: object): Marked<OwnerOptions> | undefined {
  return owners.on(prototype);
}
