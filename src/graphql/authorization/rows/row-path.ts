import { type EntityMetadata, type EntityProperty, ReferenceKind } from '@mikro-orm/core';
import { ownerMark } from '../../../auth/owner.js';
import { membersMark, tenantMark } from '../../../auth/tenant.js';
import type { Fault } from '../faults.js';

/** How a row leads to the users it belongs to. */
export interface RowPath {
  readonly decorator: '@Owner()' | '@Tenant()' | '@Members()';
  /** The property of the entity that is compared. */
  readonly property: EntityProperty;
  /** Selects the values that are a user's, whose id is its one parameter; undefined: the id itself. */
  readonly among: string | undefined;
}

/** The path of each decorator that the class of the entity carries, or what is wrong with it. */
export function pathsOf(meta: EntityMetadata): readonly (RowPath | Fault)[] {
  return [
    ...(ownerMark(meta.prototype) ? [ownerPath(meta, [])] : []),
    ...(tenantMark(meta.prototype) ? [tenantPath(meta, [])] : []),
    ...(membersMark(meta.prototype) ? [membersPath(meta)] : []),
  ];
}

export function isFault(path: RowPath | Fault): path is Fault {
  return 'problem' in path;
}

/** The condition on the columns of the path's own table, with the user's id for its one parameter. */
export function conditionSql({ property, among }: RowPath): string {
  const column = quoted(property.fieldNames[0]);
  return among === undefined ? `${column} = ?` : `${column} in (${among})`;
}

export function quoted(name: string | undefined): string {
  return `"${name?.replaceAll('"', '""')}"`;
}

function ownerPath(meta: EntityMetadata, trail: readonly EntityMetadata[]): RowPath | Fault {
  const decorator = '@Owner()';
  const property = markedProperty(meta, ownerMark(meta.prototype)?.property);
  if (property?.kind === ReferenceKind.SCALAR) return { decorator, property, among: undefined };
  const parent = parentOf(property);
  if (property === undefined || parent === undefined) return nowhere(meta, decorator);
  if (ownerMark(parent.prototype) === undefined) return deadEnd(meta, property, decorator);
  if (trail.includes(parent) || parent === meta) return circle(meta, property, decorator);
  const path = ownerPath(parent, [...trail, meta]);
  if (isFault(path)) return path;
  return { decorator, property, among: isUser(parent) ? undefined : throughSql(parent, path) };
}

function tenantPath(meta: EntityMetadata, trail: readonly EntityMetadata[]): RowPath | Fault {
  const decorator = '@Tenant()';
  const property = markedProperty(meta, tenantMark(meta.prototype)?.property);
  const parent = parentOf(property);
  if (property === undefined || parent === undefined) return nowhere(meta, decorator);
  if (membersMark(parent.prototype)) {
    const members = membersPath(parent);
    return isFault(members) ? members : { ...members, decorator, property };
  }
  if (tenantMark(parent.prototype) === undefined) return deadEnd(meta, property, decorator);
  if (trail.includes(parent) || parent === meta) return circle(meta, property, decorator);
  const path = tenantPath(parent, [...trail, meta]);
  if (isFault(path)) return path;
  return { decorator, property, among: throughSql(parent, path) };
}

/** The organisations of a user, by a table between the two. */
function membersPath(meta: EntityMetadata): RowPath | Fault {
  const decorator = '@Members()';
  const marked = markedProperty(meta, membersMark(meta.prototype)?.property);
  const [key] = meta.getPrimaryProps();
  const sql = marked && membershipSql(marked);
  if (key !== undefined && sql !== undefined) return { decorator, property: key, among: sql };
  return {
    coordinate: coordinateOf(meta, marked),
    problem: '@Members() leads to no users',
    remedy:
      'Put it on a collection of users, or of an entity that has one relation to User, or several and @Owner() on one',
  };
}

function membershipSql(property: EntityProperty): string | undefined {
  const { kind, targetMeta: target } = property;
  if (target === undefined) return undefined;
  if (kind === ReferenceKind.MANY_TO_MANY) {
    if (!isUser(target)) return undefined;
    const [organisation, member] = [property.joinColumns[0], property.inverseJoinColumns[0]];
    return `select ${quoted(organisation)} from ${quoted(property.pivotTable)} where ${quoted(member)} = ?`;
  }
  if (kind !== ReferenceKind.ONE_TO_MANY) return undefined;
  const organisation = target.properties[property.mappedBy];
  const users = target.relations.filter((relation) => {
    const parent = parentOf(relation);
    return parent !== undefined && isUser(parent);
  });
  const owner = ownerMark(target.prototype)?.property;
  const member = users.length === 1 ? users[0] : users.find(({ name }) => name === owner);
  if (organisation === undefined || member === undefined) return undefined;
  return `select ${quoted(organisation.fieldNames[0])} from ${quoted(target.tableName)} where ${quoted(member.fieldNames[0])} = ?`;
}

function throughSql(parent: EntityMetadata, path: RowPath): string {
  const [key] = parent.getPrimaryProps();
  return `select ${quoted(key?.fieldNames[0])} from ${quoted(parent.tableName)} where ${conditionSql(path)}`;
}

/** Whose row is whose id it has. */
function isUser(meta: EntityMetadata): boolean {
  return meta.primaryKeys.some((key) => key === ownerMark(meta.prototype)?.property);
}

function markedProperty(
  meta: EntityMetadata,
  property: string | symbol | undefined,
): EntityProperty | undefined {
  const found = meta.props.find(({ name }) => name === property);
  return found?.persist === false ? undefined : found;
}

/** The entity that a column of the property's own table refers to. */
export function parentOf(property: EntityProperty | undefined): EntityMetadata | undefined {
  if (property === undefined || property.polymorphic || property.fieldNames?.length !== 1)
    return undefined;
  const isToOne =
    property.kind === ReferenceKind.MANY_TO_ONE ||
    (property.kind === ReferenceKind.ONE_TO_ONE && property.owner);
  return isToOne ? property.targetMeta : undefined;
}

function coordinateOf(meta: EntityMetadata, property: EntityProperty | undefined): string {
  return property === undefined ? meta.className : `${meta.className}.${property.name}`;
}

function nowhere(meta: EntityMetadata, decorator: '@Owner()' | '@Tenant()'): Fault {
  const mark = decorator === '@Owner()' ? ownerMark : tenantMark;
  return {
    coordinate: `${meta.className}.${String(mark(meta.prototype)?.property)}`,
    problem: `${decorator} leads nowhere in the database`,
    remedy: 'Put it on a many-to-one relation, so that its rows can be told apart in SQL',
  };
}

function deadEnd(
  meta: EntityMetadata,
  property: EntityProperty,
  decorator: '@Owner()' | '@Tenant()',
): Fault {
  const target = property.targetMeta?.className;
  const end = decorator === '@Owner()' ? 'User' : 'an organisation that has @Members()';
  return {
    coordinate: coordinateOf(meta, property),
    problem: `${decorator} leads nowhere: ${target} has none`,
    remedy: `Put it on a relation to ${end}, or put ${decorator} on the property of ${target} that leads to one`,
  };
}

function circle(
  meta: EntityMetadata,
  property: EntityProperty,
  decorator: '@Owner()' | '@Tenant()',
): Fault {
  return {
    coordinate: coordinateOf(meta, property),
    problem: `${decorator} leads in a circle, back to ${property.targetMeta?.className}`,
    remedy: 'Have one of the entities lead on by another relation',
  };
}
