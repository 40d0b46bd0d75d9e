import { entityOfRow } from '../../database/entity-of-row.js';
import { withoutRowRules } from '../../database/row-view.js';
import { Session, sightingsOf } from '../../directory/index.js';
import { batchLoader } from '../../request/batch-loader.js';
import { perRequest } from '../../request/per-request.js';
import { addWarning } from '../../request/warnings.js';

/** Sessions of a user that are shown. */
const SHOWN = 50;

/** The sessions of users by user id, those last seen first, at most 50 each: one statement a batch. */
export const sessionsLoader = perRequest((context) =>
  batchLoader<string, readonly Session[]>(context, 'sessions', async (userIds) => {
    const { em, app } = context;
    await sightingsOf(app).flush();
    const rows = await withoutRowRules(
      em,
      'the fields that load them say whose may be seen',
    ).execute<Record<string, unknown>[]>(
      `select latest.* from jsonb_array_elements_text(?::jsonb) as asked(user_id)
         cross join lateral (
           select * from session where session.user_id = asked.user_id::uuid
           order by last_seen_at desc, id desc limit ?) as latest`,
      [JSON.stringify(userIds), SHOWN + 1],
    );
    const sessions = rows.map((row) => entityOfRow(em, Session, row));
    const byUser = Map.groupBy(sessions, ({ user }) => user.id);
    if ([...byUser.values()].some(({ length }) => length > SHOWN)) {
      addWarning(context, {
        code: 'SESSIONS_CUT',
        message: `Of users with more sessions the ${SHOWN} last seen are shown.`,
      });
    }
    return userIds.map((id) => byUser.get(id)?.slice(0, SHOWN) ?? []);
  }),
);
