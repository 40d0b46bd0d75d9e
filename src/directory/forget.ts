import type { EntityManager } from '@mikro-orm/postgresql';
import type { App } from '../request/app.js';
import { Identity } from './identity.entity.js';

/**
 * Lays a stone on accounts that their pool does not have any more: they are shown nowhere, and a token that
 * outlives one does not bring it back.
 */
export async function forget(app: App, identities: readonly Pick<Identity, 'id'>[]): Promise<void> {
  const ids = identities.map(({ id }) => id);
  const gone = await layStones(app.orm.em.fork(), ids);
  if (gone > 0) app.log.info({ gone }, 'accounts are gone from the pool');
}

/** As `forget`, by id, in the caller's transaction. Answers how many were not forgotten before. */
export async function layStones(em: EntityManager, ids: readonly string[]): Promise<number> {
  if (ids.length === 0) return 0;
  const there = { id: { $in: [...ids] }, deletedAt: null };
  return em.nativeUpdate(Identity, there, { deletedAt: new Date() });
}
