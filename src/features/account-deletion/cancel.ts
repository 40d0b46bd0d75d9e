import { withoutRowRules } from '../../database/row-view.js';
import { User } from '../../directory/index.js';
import { uuidOf } from '../../graphql/uuid.js';
import type { Context } from '../../request/context.js';
import { type AuditedAction, AuditTrail, reasonIn } from '../audit-log/index.js';
import { UnknownUserError } from '../back-office/index.js';
import { DeletionUnderWayError } from './account-deletion.errors.js';
import type { CancelUserDeletionInput } from './account-deletion.inputs.js';

/** Keeps the viewer's own account. What nobody asked for is taken back already. @throws DeletionUnderWayError */
export function cancelOwnDeletion(context: Context, userId: string): Promise<void> {
  return cancel(context, { action: 'cancelAccountDeletion', targetId: userId, reason: '' });
}

/** Keeps the account of another. @throws UnknownUserError, ReasonError, DeletionUnderWayError */
export async function cancelUserDeletion(
  context: Context,
  { id, reason }: CancelUserDeletionInput,
): Promise<string> {
  const targetId = uuidOf('input.id', id);
  const action = { action: 'cancelUserDeletion', targetId, reason: reasonIn(reason) };
  if ((await context.em.count(User, { id: targetId })) === 0) throw new UnknownUserError();
  await cancel(context, action);
  return targetId;
}

/** Why no viewer is looked at. */
const WHY = 'whoever calls it has said whose it is';

async function cancel(context: Context, action: AuditedAction & { readonly targetId: string }) {
  await context.app.orm.em.fork().transactional(async (em) => {
    // Who begins with it changes the same row: one of the two comes first.
    const [found] = await withoutRowRules(em, WHY).execute<{ begun: boolean }[]>(
      'select begun_at is not null as begun from account_deletion where user_id = ? for update',
      [action.targetId],
    );
    if (found === undefined) return;
    if (found.begun) throw new DeletionUnderWayError();
    await withoutRowRules(em, WHY).execute('delete from account_deletion where user_id = ?', [
      action.targetId,
    ]);
    const audit = new AuditTrail(context, action);
    audit.intend(em);
    audit.done(em);
  });
}
