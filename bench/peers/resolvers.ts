import DataLoader from 'dataloader';
import { firstUsers, type Profile, profilesOf, type User } from './people.ts';

/** What the resolvers of one request share. */
export interface Context {
  readonly viewer: User;
  readonly profiles: DataLoader<string, Profile | null>;
}

export function contextOf(viewer: User): Context {
  return { viewer, profiles: new DataLoader(profilesOf) };
}

/** For the peers that batch by a DataLoader of each request. */
export const resolvers = {
  Query: {
    me: (_root: unknown, _args: unknown, { viewer }: Context) => viewer,
    users: async (_root: unknown, { first }: { first: number }) => ({
      nodes: await firstUsers(first),
    }),
  },
  User: {
    profile: ({ id }: User, _args: unknown, { profiles }: Context) => profiles.load(id),
  },
};
