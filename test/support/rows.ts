import {
  Collection,
  type EntityClass,
  type EntityMetadata,
  type EntityProperty,
  ReferenceKind,
} from '@mikro-orm/core';
import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import { ownerMark } from '../../src/auth/owner.js';
import { isMarked, membersMark, tenantMark } from '../../src/auth/tenant.js';
import { withoutRowRules } from '../../src/database/row-view.js';
import { User } from '../../src/directory/index.js';
import { sampleOfEnum, sampleValue } from './sample-value.js';

/**
 * Values by property; a relation takes whatever has an `id`. `owner` stands for what makes the row somebody's: the
 * property with `@Owner()`, an organisation of theirs for the one with `@Tenant()`, and their place among the `@Members()`.
 */
export type Given<Row> = { readonly [Property in keyof Row]?: unknown } & {
  readonly owner?: { readonly id: string };
};

/** Which columns get a value that is not given: those that need one, or all. */
export type Filled = 'required' | 'every';

/** Required relations behind each other that are made; a circle has no end. */
const DEEPEST = 8;

/** The statements are the test's set-up: no request's, and not counted. */
const SET_UP = { loggerContext: { label: 'set-up' } };

/** Keeps a row, whoever may: columns that are not given get a value by the entity's metadata. */
export async function keepRow<Row extends object>(
  orm: MikroORM,
  entity: EntityClass<Row>,
  given: Given<Row>,
  filled: Filled = 'required',
): Promise<Row> {
  const em = withoutRowRules(orm.em, 'a test needs the row, whoever may write it').fork(SET_UP);
  const row = build(em, orm.getMetadata(entity), given, { filled, depth: 0 });
  try {
    await em.persist(row).flush();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`No row of ${entity.name} was kept: ${why}\nGive what it needs.`, {
      cause: error,
    });
  }
  return row;
}

/** A row as the database has it, as a text; undefined where it is gone. */
export async function keptRow(
  orm: MikroORM,
  { tableName }: EntityMetadata,
  id: string,
): Promise<string | undefined> {
  const [row] = await orm.em
    .fork()
    .execute<{ kept: string }[]>(
      `select row_to_json(kept)::text as kept from "${tableName}" as kept where id = ?`,
      [id],
      'all',
      SET_UP.loggerContext,
    );
  return row?.kept;
}

interface Making {
  readonly filled: Filled;
  readonly depth: number;
}

function build<Row extends object>(
  em: EntityManager,
  meta: EntityMetadata<Row>,
  given: Given<Row>,
  making: Making,
): Row {
  if (making.depth > DEEPEST)
    throw new Error(`${meta.className} needs a row that needs another of it: give one.`);
  const values = valuesOf(em, meta, given, making);
  // A row of this class without any values: what it then has are its defaults.
  // Typed as abstract, though only those that have a table are made here.
  const Entity = meta.class as new () => Row;
  const defaults = new Entity();
  const isFilled = ({ name }: EntityProperty) => {
    const value: unknown = Reflect.get(defaults, name);
    return making.filled === 'every' ? value != null : value !== undefined;
  };
  const missing = meta.props.filter(
    (property) => !(property.name in values) && isOwnColumn(property) && !isFilled(property),
  );
  const wanted = missing.filter(
    (property) => making.filled === 'every' || (!property.nullable && !hasDefault(property)),
  );
  const samples = wanted.map((property) => [
    property.name,
    sampleOfEnum(meta.class, property.name) ?? sampleOf(em, property, making),
  ]);
  // Whatever is not given is sampled, so that nothing which the entity needs is missing.
  const row = em.create(meta.class, { ...values, ...Object.fromEntries(samples) } as never);
  if (given.owner) addMember(em, meta, row, { owner: given.owner, depth: making.depth });
  return row;
}

/** Where an organisation marks its people, whoever it is to belong to becomes one of them. */
function addMember(
  em: EntityManager,
  meta: EntityMetadata,
  row: object,
  { owner, depth }: { readonly owner: { readonly id: string }; readonly depth: number },
): void {
  const mark = membersMark(meta.prototype);
  const members = meta.props.find(({ name }) => name === mark?.property);
  if (members?.targetMeta === undefined) return;
  const { targetMeta: membership, mappedBy } = members;
  if (membership.class === User) {
    const people: unknown = Reflect.get(row, members.name);
    if (people instanceof Collection) people.add(em.getReference(User, owner.id));
    return;
  }
  const user = membership.props.find(({ targetMeta }) => targetMeta?.class === User);
  if (user === undefined) throw new TypeError(`${membership.className} leads to no user.`);
  const place = { [user.name]: owner, [mappedBy]: row };
  buildRelated(em, membership, place, depth);
}

/** A row behind another one's relation: no more than it needs. */
function buildRelated(
  em: EntityManager,
  meta: EntityMetadata,
  given: Given<object>,
  depth: number,
) {
  return build(em, meta, given, { filled: 'required', depth: depth + 1 });
}

function sampleOf(em: EntityManager, property: EntityProperty, { depth }: Making): unknown {
  const { targetMeta } = property;
  if (targetMeta === undefined) return sampleValue(property);
  return buildRelated(em, targetMeta, {}, depth);
}

function valuesOf<Row extends object>(
  em: EntityManager,
  meta: EntityMetadata<Row>,
  { owner, ...given }: Given<Row>,
  { depth }: Making,
): Record<string, unknown> {
  const known = new Map(meta.props.map((each) => [String(each.name), each]));
  const values = Object.fromEntries(
    Object.entries(given).map(([property, value]) => {
      const column = known.get(property);
      if (column === undefined) throw new TypeError(`${meta.className} has no ${property}.`);
      return [property, column.targetMeta ? keyOf(em, value, column.targetMeta) : value];
    }),
  );
  if (owner === undefined) return values;
  if (!isMarked(meta.prototype))
    throw new TypeError(`${meta.className} has no @Owner(), @Tenant() or @Members().`);
  for (const mark of [ownerMark, tenantMark]) {
    const name = String(mark(meta.prototype)?.property);
    const target = known.get(name)?.targetMeta;
    if (target === undefined || name in values) continue;
    // What belongs to somebody by another row gets one of theirs.
    values[name] = target.class === User ? owner.id : buildRelated(em, target, { owner }, depth);
  }
  return values;
}

/** A person of the tests is no entity, and what another entity manager has loaded is not this one's. */
function keyOf(em: EntityManager, value: unknown, { className }: EntityMetadata): unknown {
  if (typeof value !== 'object' || value === null || isBeingMade(em, value)) return value;
  const id: unknown = Reflect.get(value, 'id');
  if (id === undefined) throw new TypeError(`A ${className} is given by what has its id.`);
  return id;
}

function isBeingMade(em: EntityManager, value: object): boolean {
  return em.getUnitOfWork().getPersistStack().has(value);
}

/** Whether it is a column of the entity's table that is for a row's maker to fill. */
function isOwnColumn({ kind, primary, persist, lazy, formula, ...property }: EntityProperty) {
  if (primary || persist === false || lazy || formula || property.version) return false;
  if (property.autoincrement || property.generated || property.embedded) return false;
  if (kind === ReferenceKind.ONE_TO_ONE) return property.owner;
  return kind === ReferenceKind.SCALAR || kind === ReferenceKind.MANY_TO_ONE;
}

function hasDefault({ default: value, defaultRaw, onCreate }: EntityProperty): boolean {
  return value !== undefined || defaultRaw !== undefined || onCreate !== undefined;
}
