import { batchLoader } from '../request/batch-loader.js';
import { perRequest } from '../request/per-request.js';
import { User } from './user.entity.js';

/** Users by id; null where there is none. */
export const userLoader = perRequest((context) =>
  batchLoader<string, User | null>(context, 'users', async (ids) => {
    const users = await context.em.find(User, { id: { $in: [...ids] } });
    const byId = new Map(users.map((user) => [user.id, user]));
    return ids.map((id) => byId.get(id) ?? null);
  }),
);
