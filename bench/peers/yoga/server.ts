import { createServer } from 'node:http';
import { createSchema, createYoga } from 'graphql-yoga';
import { announceServer } from '../environment.ts';
import { type Context, contextOf, resolvers } from '../resolvers.ts';
import { typeDefs } from '../schema.ts';
import { viewerOf } from '../viewer.ts';

const yoga = createYoga({
  schema: createSchema<Context>({ typeDefs, resolvers }),
  context: async ({ request }) =>
    contextOf(await viewerOf(request.headers.get('authorization') ?? undefined)),
});
const server = createServer(yoga);
server.listen(0, '127.0.0.1', () => announceServer(server));
