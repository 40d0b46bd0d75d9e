import type { EntityClass, EntityDictionary, EntityManager } from '@mikro-orm/core';

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
  return em.getEntityFactory().create<Entity>(entity, dataOf(em, entity, row), MERGED);
}

const APART = { merge: false, convertCustomTypes: true };

/** Like `entityOfRow`, but of no entity manager: to be shown, and never to be changed. */
export function looseEntityOfRow<Entity extends object>(
  em: EntityManager,
  entity: EntityClass<Entity>,
  row: EntityDictionary<Entity>,
): Readonly<Entity> {
  const data = dataOf(em, entity, row);
  return Object.freeze(em.getEntityFactory().create<Entity>(entity, data, APART));
}

function dataOf<Entity extends object>(
  em: EntityManager,
  entity: EntityClass<Entity>,
  row: EntityDictionary<Entity>,
) {
  const data = em.getDriver().mapResult<Entity>(row, em.getMetadata(entity));
  if (data === null) throw new Error(`A row of ${entity.name} has no columns.`);
  return data;
}
