import { batchLoader } from '../../request/batch-loader.js';
import { perRequest } from '../../request/per-request.js';
import { AccountDeletion } from './account-deletion.entity.js';

/** When the account of a user is to be deleted, by user id; null where nobody asked for it. */
export const deletionLoader = perRequest((context) =>
  batchLoader<string, Date | null>(context, 'account deletions', async (userIds) => {
    const deletions = await context.em.find(
      AccountDeletion,
      { user: { $in: [...userIds] } },
      { refresh: true },
    );
    const byUser = new Map(deletions.map(({ user, dueAt }) => [user.id, dueAt]));
    return userIds.map((id) => byUser.get(id) ?? null);
  }),
);
