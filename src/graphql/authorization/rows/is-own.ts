import { helper, Utils } from '@mikro-orm/core';
import { ownerOf } from '../../../auth/owner.js';
import { isMarked } from '../../../auth/tenant.js';
import type { Viewer } from '../../../auth/viewer.js';
import { viewOf } from '../../../database/row-view.js';
import type { RowRules } from './row-rules.js';
import { isDirect } from './ruled-entity.js';

/**
 * Whether an object belongs to the viewer, without a statement: it says so itself, or it is a row that the
 * viewer's own EntityManager has loaded, which holds back the rows of others. Asked of people only: the
 * rule of a machine client never comes down to the object.
 */
export function isOwn(object: unknown, viewer: Viewer, rules: RowRules): boolean {
  if (viewer.kind !== 'person') return false;
  // Whoever throws away the class of an entity throws away its rule as well.
  if (!Utils.isEntity<object>(object) || !isMarked(object))
    return ownerOf(object) === viewer.userId;
  const { __em: em, __meta: meta, __initialized: initialized } = helper(object);
  const entity = em === undefined ? rules.ofLoose(meta) : rules.of(meta, em.getMetadata());
  if (entity === undefined) return false;
  if (isDirect(entity)) return ownerOf(object) === viewer.userId;
  return em !== undefined && initialized && viewOf(em)?.viewer === viewer;
}
