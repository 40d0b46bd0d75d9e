import type { EntityManager } from '@mikro-orm/postgresql';

/**
 * Erases what may be personal in the trail of what was done to a user: reasons, and values of before and after.
 * The events themselves stay. Answers how many details there were.
 */
export async function eraseDetailsOf(em: EntityManager, userId: string): Promise<number> {
  const erased = await em.execute<object[]>(
    `delete from audit_detail using audit_event
     where audit_event.id = audit_detail.event_id and audit_event.target_id = ?
     returning audit_detail.id`,
    [userId],
  );
  return erased.length;
}
