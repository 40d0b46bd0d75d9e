import DataLoader from 'dataloader';
import { perRequest } from '../request/per-request.js';
import { User } from './user.entity.js';

/** Users by id; null where there is none. */
export const userLoader = perRequest(
  ({ em }) =>
    new DataLoader<string, User | null>(async (ids) => {
      const users = await em.find(User, { id: { $in: [...ids] } });
      const byId = new Map(users.map((user) => [user.id, user]));
      return ids.map((id) => byId.get(id) ?? null);
    }),
);
