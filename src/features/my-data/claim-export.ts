import type { EntityManager } from '@mikro-orm/postgresql';
import type { Context } from '../../request/context.js';
import type { AuditTrail } from '../audit-log/index.js';
import { ExportLimitError } from './my-data.errors.js';

/** Exports of one person within a day, over all servers. */
const MOST = 5;

/** Seconds. */
const DAY = 86_400;

/** Writes down that an export begins, in the trail, by which they are counted. @throws ExportLimitError */
export async function claimExport(
  { app }: Context,
  userId: string,
  audit: AuditTrail,
): Promise<void> {
  await app.orm.em.fork().transactional(async (em) => {
    await em.execute('select pg_advisory_xact_lock(hashtext(?))', [`lifeguard export ${userId}`]);
    const age = await ageOfOldest(em, userId);
    if (age !== undefined) throw new ExportLimitError(MOST, Math.max(1, Math.ceil(DAY - age)));
    audit.intend(em);
  });
}

/** Seconds since the first of as many exports as there may be, where there were as many. */
async function ageOfOldest(em: EntityManager, userId: string): Promise<number | undefined> {
  const [oldest] = await em.execute<{ age: number }[]>(
    `select extract(epoch from now() - created_at)::float8 as age from audit_event
     where actor_id = ? and action = 'exportMyData' and outcome = 'INTENT'
       and created_at > now() - ? * interval '1 second'
     order by created_at desc, id desc offset ? limit 1`,
    [userId, DAY, MOST - 1],
  );
  return oldest?.age;
}
