import type { EntityManager } from '@mikro-orm/postgresql';
import { withoutRowRules } from '../../database/row-view.js';

/**
 * Erases what may be personal in the trail of what was done to a user: reasons, and values of before and after.
 * The events themselves stay. Answers how many details there were.
 * @param exceptOf an action whose details stay, such as the one that erases
 */
export async function eraseDetailsOf(
  em: EntityManager,
  userId: string,
  exceptOf: string | null = null,
): Promise<number> {
  const erased = await withoutRowRules(
    em,
    'whoever is forgotten is forgotten in the trail as well',
  ).execute<object[]>(
    `delete from audit_detail using audit_event
     where audit_event.id = audit_detail.event_id and audit_event.target_id = ?
       and audit_event.action_id is distinct from ?::uuid
     returning audit_detail.id`,
    [userId, exceptOf],
  );
  return erased.length;
}
