import type { EntityManager } from '@mikro-orm/postgresql';
import type { App } from '../request/app.js';
import type { Identity } from './identity.entity.js';

/**
 * Lays a stone on accounts that their pool does not have any more: nothing of the mirror is left of them, and a token
 * that outlives one does not bring it back.
 */
export async function forget(app: App, identities: readonly Pick<Identity, 'id'>[]): Promise<void> {
  const ids = identities.map(({ id }) => id);
  const gone = await layStones(app.orm.em.fork(), ids);
  if (gone > 0) app.log.info({ gone }, 'accounts are gone from the pool');
}

/** As `forget`, by id, in the caller's transaction. Answers how many were not forgotten before. */
export async function layStones(em: EntityManager, ids: readonly string[]): Promise<number> {
  if (ids.length === 0) return 0;
  const laid = await em.execute<object[]>(
    `with account as (
       select id from identity where id = any(?::uuid[]) and deleted_at is null
       order by id for no key update),
     mirrored as (
       delete from pool_profile where identity_id in (select id from account))
     update identity set deleted_at = now(), updated_at = now()
     where id in (select id from account) returning id`,
    [`{${ids.join(',')}}`],
  );
  return laid.length;
}
