import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { announce } from '../environment.ts';
import { type Context, contextOf, resolvers } from '../resolvers.ts';
import { typeDefs } from '../schema.ts';
import { viewerOf } from '../viewer.ts';

const { url } = await startStandaloneServer(new ApolloServer<Context>({ typeDefs, resolvers }), {
  listen: { port: 0, host: '127.0.0.1' },
  context: async ({ req }) => contextOf(await viewerOf(req.headers.authorization)),
});
announce(url);
