import { raw } from '@mikro-orm/core';
import type { Viewer } from '../../../auth/viewer.js';
import { type Access, type RuledEntity, rowStanding } from './ruled-entity.js';

/** A condition as MikroORM takes it; typed by no entity, since it is made for any. */
export type Condition = Readonly<Record<string, unknown>>;

/** What rows of the entity have to fulfil for the viewer to see or to write them; empty: nothing. */
export function rowCondition(entity: RuledEntity, viewer: Viewer, access: Access): Condition {
  const standing = rowStanding(entity, viewer, access);
  if (standing.kind === 'passes') return {};
  if (standing.kind === 'refused' || viewer.kind !== 'person') return nothingOf(entity);
  const conditions = entity.paths.map(({ property: { name }, among }) =>
    among === undefined
      ? { [name]: viewer.userId }
      : // By its own tables, not by relations, whose filters are another entity's rules; and no row doubles.
        { [name]: { $in: raw(among, [viewer.userId]) } },
  );
  const [only, ...more] = conditions;
  return only !== undefined && more.length === 0 ? only : { $and: conditions };
}

function nothingOf({ meta }: RuledEntity): Condition {
  return { [meta.primaryKeys[0] ?? 'id']: { $in: [] } };
}
