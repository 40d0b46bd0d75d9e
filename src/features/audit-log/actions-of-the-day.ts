import type { EntityManager } from '@mikro-orm/postgresql';
import { withoutRowRules } from '../../database/row-view.js';

/** Seconds. */
const DAY = 86_400;

/**
 * Whole seconds until a person may do again what they may do so many times within a day, by the intents in the trail;
 * undefined where they may now.
 */
export async function secondsUntilAgain(
  em: EntityManager,
  {
    userId,
    action,
    most,
  }: { readonly userId: string; readonly action: string; readonly most: number },
): Promise<number | undefined> {
  const [oldest] = await withoutRowRules(em, 'it counts, and shows no row').execute<
    { age: number }[]
  >(
    `select extract(epoch from now() - created_at)::float8 as age from audit_event
     where actor_id = ? and action = ? and outcome = 'INTENT' and created_at > now() - ? * interval '1 second'
     order by created_at desc, id desc offset ? limit 1`,
    [userId, action, DAY, most - 1],
  );
  return oldest && Math.max(1, Math.ceil(DAY - oldest.age));
}
