import { v7 } from 'uuid';
import { type PersonViewer, personOf } from '../../auth/viewer.js';
import { withoutRowRules } from '../../database/row-view.js';
import { LifeguardError } from '../../errors.js';
import type { Context } from '../../request/context.js';
import { AuditTrail, actorOf, hasRoom, reasonIn, secondsUntilAgain } from '../audit-log/index.js';
import { deletionPreview, ownDeletion } from '../back-office/index.js';
import { AccountDeletion } from './account-deletion.entity.js';
import { DeletionLimitError, RecentSignInError } from './account-deletion.errors.js';
import type { DeleteMyAccountInput } from './account-deletion.inputs.js';
import { DELETION_JOB } from './carry-out.js';

/** Minutes for which a sign-in is recent enough. */
const RECENT = 10;

/** Wishes of one person within a day. */
const MOST = 10;

/** Why no viewer is looked at. */
const WHY = "it is the viewer's own, by their id";

/** As the trail names it: `deleteMyAccount` is there for the deletion itself. */
const ACTION = 'scheduleAccountDeletion';

/**
 * Writes down that the viewer wants their account deleted, and answers when that is due: to whoever asks again,
 * the moment that was answered first. What would refuse the deletion now is said now.
 * @throws RecentSignInError, DeletionLimitError, LastAdminError, RowsInTheWayError, ReasonError
 */
export async function scheduleDeletion(
  context: Context,
  { reason: given, dryRun }: DeleteMyAccountInput,
): Promise<Date> {
  const reason = given == null ? '' : reasonIn(given);
  const viewer = personOf(context.viewer);
  const known = await dueAtOf(context, viewer.userId);
  if (known !== undefined) return known;
  try {
    if (dryRun) return await admitted(context, viewer);
    refuseOldSignIn(viewer);
    return await admitted(context, viewer, reason);
  } catch (error) {
    if (!dryRun) await noteRefusal(context, viewer, error);
    throw error;
  }
}

/** What would go along with the viewer's account. */
export async function ownPreview({ app, viewer }: Context) {
  const { accounts, alongside } = await deletionPreview(app, personOf(viewer).userId);
  return { accounts, alongside };
}

async function dueAtOf({ app }: Context, userId: string): Promise<Date | undefined> {
  return (await withoutRowRules(app.orm.em, WHY).findOne(AccountDeletion, { user: userId }))?.dueAt;
}

function refuseOldSignIn({ token }: PersonViewer): void {
  if (Date.now() - token.authTime * 1000 > RECENT * 60_000) throw new RecentSignInError(RECENT);
}

/** Asks every rule of the deletion, and then keeps the wish, unless no reason is given: that is a dry run. */
async function admitted(
  context: Context,
  { userId }: PersonViewer,
  reason?: string,
): Promise<Date> {
  const { app } = context;
  const actor = actorOf(context);
  const grace = app.config.accountDeletionGrace;
  const rules = ownDeletion(
    { app, actor, groups: [] },
    { userId, idempotencyKey: '', begin: async () => {} },
  );
  await rules.check?.();
  const isNew = await app.orm.em.fork().transactional(async (em) => {
    await rules.admit?.(em);
    if (reason === undefined) return false;
    const wait = await secondsUntilAgain(em, { userId, action: ACTION, most: MOST });
    if (wait !== undefined) throw new DeletionLimitError(MOST, wait);
    const added = await withoutRowRules(em, WHY).execute<object[]>(
      `insert into account_deletion (id, created_at, updated_at, user_id, due_at, try_at, client_id, request_id)
       select ?, now(), now(), ?, due_at, due_at, ?, ?
       from (select date_trunc('milliseconds', now()) + ? * interval '1 millisecond' as due_at) as moment
       on conflict (user_id) do nothing returning id`,
      [v7(), userId, actor.clientId, actor.requestId, grace],
    );
    // Asked for twice at the same time: the other one has told of it.
    if (added.length === 0) return false;
    const audit = new AuditTrail(context, { action: ACTION, targetId: userId, reason });
    audit.intend(em);
    audit.done(em);
    return true;
  });
  if (reason === undefined) return new Date(Date.now() + grace);
  if (isNew) await app.jobs.add([{ ...DELETION_JOB, delay: grace }]);
  return (await dueAtOf(context, userId)) ?? new Date();
}

async function noteRefusal(
  context: Context,
  { userId: targetId }: PersonViewer,
  error: unknown,
): Promise<void> {
  if (!(error instanceof LifeguardError) || error.code === 'UNAVAILABLE') return;
  if (!(await hasRoom(context.app, targetId))) return;
  await context.app.orm.em.fork().transactional(async (em) => {
    const audit = new AuditTrail(context, { action: 'deleteMyAccount', targetId, reason: '' });
    audit.refused(em, error.reason ?? error.code);
  });
}
