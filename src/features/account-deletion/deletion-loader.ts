import DataLoader from 'dataloader';
import { perRequest } from '../../request/per-request.js';
import { AccountDeletion } from './account-deletion.entity.js';

/** When the account of a user is to be deleted, by user id; null where nobody asked for it. */
export const deletionLoader = perRequest(
  ({ em }) =>
    new DataLoader<string, Date | null>(async (userIds) => {
      const deletions = await em.find(
        AccountDeletion,
        { user: { $in: [...userIds] } },
        { refresh: true },
      );
      const byUser = new Map(deletions.map(({ user, dueAt }) => [user.id, dueAt]));
      return userIds.map((id) => byUser.get(id) ?? null);
    }),
);
