import type { EntityManager } from '@mikro-orm/postgresql';
import { withoutRowRules } from '../../database/row-view.js';

/** Why no viewer is looked at. */
const FORGOTTEN = 'whoever is forgotten is forgotten in the trail as well';

/**
 * Erases what may be personal about a user in the trail: reasons, and values of before and after, of what was
 * done to them, and the networks from which they acted. The events themselves stay.
 * @param exceptOf an action whose details stay, such as the one that erases
 */
export async function eraseDetailsOf(
  em: EntityManager,
  userId: string,
  exceptOf: string | null = null,
): Promise<void> {
  await withoutRowRules(em, FORGOTTEN).execute(
    `delete from audit_detail using audit_event
     where audit_event.id = audit_detail.event_id and audit_event.target_id = ?
       and audit_event.action_id is distinct from ?::uuid`,
    [userId, exceptOf],
  );
  await withoutRowRules(em, FORGOTTEN).execute(
    `update audit_detail set network = null, updated_at = now() from audit_event
     where audit_event.id = audit_detail.event_id and audit_event.actor_id = ? and network is not null`,
    [userId],
  );
}
