import { withoutRowRules } from '../../database/row-view.js';
import type { Context } from '../../request/context.js';
import { type AuditTrail, secondsUntilAgain } from '../audit-log/index.js';
import { ExportLimitError } from './my-data.errors.js';

/** Exports of one person within a day, over all servers. */
const MOST = 5;

/** Writes down that an export begins, in the trail, by which they are counted. @throws ExportLimitError */
export async function claimExport(
  { app }: Context,
  userId: string,
  audit: AuditTrail,
): Promise<void> {
  await app.orm.em.fork().transactional(async (em) => {
    await withoutRowRules(em, 'it takes a lock').execute(
      'select pg_advisory_xact_lock(hashtext(?))',
      [`lifeguard export ${userId}`],
    );
    const wait = await secondsUntilAgain(em, { userId, action: 'exportMyData', most: MOST });
    if (wait !== undefined) throw new ExportLimitError(MOST, wait);
    audit.intend(em);
  });
}
