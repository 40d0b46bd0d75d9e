import type {
  EntityClass,
  EntityData,
  EntityDictionary,
  EntityManager,
  EntityMetadata,
  EntityProperty,
} from '@mikro-orm/core';

const MERGED = { merge: true, refresh: true, convertCustomTypes: true };

/**
 * Makes a row that was read by hand an entity of an entity manager, as its `find` does; its `map` would look through
 * the relations of each row besides, for as long again.
 * @param row its columns
 */
export function entityOfRow<Entity extends object>(
  em: EntityManager,
  entity: EntityClass<Entity>,
  row: EntityDictionary<Entity>,
): Entity {
  return entityOfData(em, entity, dataOfRow(em, entity, row));
}

/**
 * Like `entityOfRow`, in a tenth of the time, for what is only shown: no entity manager knows it, so that a change of it
 * is written nowhere.
 * @param row its columns, of which `isPlain` is true
 */
export function looseEntityOfRow<Entity extends object>(
  em: EntityManager,
  entity: EntityClass<Entity>,
  row: EntityDictionary<Entity>,
): Entity {
  return looseEntityOfData(em, entity, dataOfRow(em, entity, row));
}

/** Whether `looseEntityOfRow` serves: no relation leads on from the entity, and none of the columns is converted. */
export function isPlain<Entity>(
  { relations }: EntityMetadata<Entity>,
  properties: readonly EntityProperty<Entity>[],
): boolean {
  return relations.length === 0 && properties.every(({ customType }) => customType === undefined);
}

/** The columns of a row as the properties that they are of: what several entities of one row are made of. */
export function dataOfRow<Entity extends object>(
  em: EntityManager,
  entity: EntityClass<Entity>,
  row: EntityDictionary<Entity>,
): EntityData<Entity> {
  const data = em.getDriver().mapResult<Entity>(row, em.getMetadata(entity));
  if (data === null) throw new Error(`A row of ${entity.name} has no columns.`);
  return data;
}

/** As `entityOfRow`. */
export function entityOfData<Entity extends object>(
  em: EntityManager,
  entity: EntityClass<Entity>,
  data: EntityData<Entity>,
): Entity {
  return em.getEntityFactory().create<Entity>(entity, data, MERGED);
}

/** As `looseEntityOfRow`. */
export function looseEntityOfData<Entity extends object>(
  em: EntityManager,
  entity: EntityClass<Entity>,
  data: EntityData<Entity>,
): Entity {
  // Not by assignment: MikroORM's setters would begin to keep track of it.
  return { __proto__: em.getMetadata(entity).prototype, ...data } as Entity;
}
