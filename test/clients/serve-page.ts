import fastifyStatic from '@fastify/static';
import { fastify } from 'fastify';

/** The page with the client libraries, under a policy that lets it do no more than call the pool. */
const POLICY = "default-src 'none'; script-src 'self'; connect-src http://127.0.0.1:*";

export interface ServedPage {
  /** Such as `http://127.0.0.1:41234`. */
  readonly origin: string;
  close(): Promise<void>;
}

export async function servePage(): Promise<ServedPage> {
  const server = fastify({ forceCloseConnections: true });
  server.addHook('onRequest', async (_request, reply) => {
    reply.header('content-security-policy', POLICY);
  });
  server.get('/favicon.ico', (_request, reply) => reply.code(204).send());
  await server.register(fastifyStatic, { root: process.env.TEST_CLIENTS_PAGE ?? '' });
  return {
    origin: await server.listen({ host: '127.0.0.1', port: 0 }),
    close: () => server.close(),
  };
}
