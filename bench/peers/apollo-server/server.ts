import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { PORT } from '../environment.ts';
import { type Context, contextOf, resolvers } from '../resolvers.ts';
import { typeDefs } from '../schema.ts';
import { viewerOf } from '../viewer.ts';

await startStandaloneServer(new ApolloServer<Context>({ typeDefs, resolvers }), {
  listen: { port: PORT, host: '127.0.0.1' },
  context: async ({ req }) => contextOf(await viewerOf(req.headers.authorization)),
});
