import type { EntityManager } from '@mikro-orm/postgresql';

/**
 * Leaves nothing of a user but a tombstone: what names them at their pools is gone, and tokens that outlive
 * them are known by the pool's `sub` alone, which is no name.
 */
export async function forgetUser(em: EntityManager, userId: string): Promise<void> {
  await em.execute(
    `delete from pool_profile using identity
     where identity.id = pool_profile.identity_id and identity.user_id = ?`,
    [userId],
  );
  await em.execute(
    `update identity set username = subject, deleted_at = coalesce(deleted_at, now()), updated_at = now()
     where user_id = ?`,
    [userId],
  );
}
