import Fastify from 'fastify';
import mercurius from 'mercurius';
import { announce } from '../environment.ts';
import { firstUsers, profilesOf, type User } from '../people.ts';
import { typeDefs } from '../schema.ts';
import { viewerOf } from '../viewer.ts';

// Its own loaders rather than DataLoader, and graphql-jit from the first execution, as its documentation has it.
const app = Fastify();
app.register(mercurius, {
  schema: typeDefs,
  resolvers: {
    Query: {
      me: (_root: unknown, _args: unknown, context: unknown) =>
        (context as { viewer: User }).viewer,
      users: async (_root: unknown, { first }: { first: number }) => ({
        nodes: await firstUsers(first),
      }),
    },
  },
  loaders: {
    User: {
      profile: (queries: { obj: User }[]) => profilesOf(queries.map(({ obj: { id } }) => id)),
    },
  },
  context: async ({ headers }) => ({ viewer: await viewerOf(headers.authorization) }),
  jit: 1,
});
announce(`${await app.listen({ port: 0, host: '127.0.0.1' })}/graphql`);
