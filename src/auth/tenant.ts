import { type Marked, PropertyMark } from './mark.js';
import { type OwnerOptions, ownerMark } from './owner.js';

/** Who may do what besides the organisation's own people; as for `@Owner()`. */
export type TenantOptions = OwnerOptions;

const tenants = new PropertyMark<TenantOptions>('@Tenant()');
const members = new PropertyMark<TenantOptions>('@Members()');

/**
 * Marks the relation of an entity that leads to the organisation a row belongs to, or to another entity
 * with a `@Tenant()`. Where the rule of the type has `owner: true`, those who belong to the organisation
 * pass; with an `@Owner()` besides, only that one of them.
 */
export function Tenant(options: TenantOptions = {}): PropertyDecorator {
  return (prototype, property) => tenants.put(prototype, property, options);
}

/**
 * Marks the collection of an organisation that leads to the users who belong to it: of users, or of
 * an entity with one relation to a user.
 */
export function Members(options: TenantOptions = {}): PropertyDecorator {
  return (prototype, property) => members.put(prototype, property, options);
}

/** The `@Tenant()` of a class, given by its prototype. */
export function tenantMark(prototype: object): Marked<TenantOptions> | undefined {
  return tenants.on(prototype);
}

/** The `@Members()` of a class, given by its prototype. */
export function membersMark(prototype: object): Marked<TenantOptions> | undefined {
  return members.on(prototype);
}

/** Whether the instances of a class, given by its prototype, can belong to a user, alone or with others. */
export function isMarked(prototype: object): boolean {
  return [ownerMark, tenantMark, membersMark].some((mark) => mark(prototype) !== undefined);
}
