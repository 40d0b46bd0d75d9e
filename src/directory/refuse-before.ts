import type { EntityManager } from '@mikro-orm/postgresql';

/** Refuses a user's tokens of up to a moment of the pool's clock, which never goes back, whoever else sets it. */
export async function refuseBefore(em: EntityManager, userId: string, moment: Date): Promise<void> {
  await em.execute(
    `update app_user set refused_before = ?::timestamptz, updated_at = now()
     where id = ? and (refused_before is null or refused_before < ?::timestamptz)`,
    [moment, userId, moment],
  );
}
