import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  DescribeUserPoolClientCommand,
  UpdateUserPoolClientCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import fastifyStatic from '@fastify/static';
import { fastify } from 'fastify';
import type { TestApi } from '../support/api.js';

/** What the example needs, and no more: its own files, the API and the pool, pictures from anywhere. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: https:",
  "connect-src 'self' http://127.0.0.1:*",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

export const EXAMPLE = fileURLToPath(new URL('../../../examples/spa/', import.meta.url));
const VITE = fileURLToPath(new URL('../../../node_modules/vite/bin/vite.js', import.meta.url));

export interface ServedSpa {
  /** Such as `http://127.0.0.1:41234`. */
  readonly origin: string;
  close(): Promise<void>;
}

/** The built example as it would be put on a web server, for an API at an origin that is known by the time of a visit. */
export async function serveSpa(
  built: string,
  api: TestApi,
  apiOrigin: () => string,
): Promise<ServedSpa> {
  const server = fastify({ forceCloseConnections: true });
  server.addHook('onRequest', async (_request, reply) => {
    reply.header('content-security-policy', POLICY);
  });
  server.get('/config.json', async () => ({
    api: `${apiOrigin()}/graphql`,
    localPool: api.localPool.endpoint,
    trustedDocuments: true,
  }));
  await server.register(fastifyStatic, { root: built });
  const origin = await server.listen({ host: '127.0.0.1', port: 0 });
  await leadBackTo(api, `${origin}/`);
  return {
    origin,
    async close() {
      await server.close();
      await rm(built, { recursive: true, force: true });
    },
  };
}

/** The folder with what a browser loads. Not by this process, whose NODE_ENV would make it a build for development. */
export async function buildSpa(folder = EXAMPLE): Promise<string> {
  const outDir = await mkdtemp(join(tmpdir(), 'lifeguard-spa-'));
  const args = [VITE, 'build', folder, '--outDir', outDir, '--emptyOutDir', '--logLevel', 'warn'];
  await promisify(execFile)(process.execPath, args, {
    cwd: folder,
    env: { ...process.env, NODE_ENV: 'production' },
  });
  return outDir;
}

/** The port is any free one, which no seeded client can know. */
async function leadBackTo({ cognito, poolId, clientId }: TestApi, url: string): Promise<void> {
  const client = { UserPoolId: poolId, ClientId: clientId };
  const { UserPoolClient } = await cognito.send(new DescribeUserPoolClientCommand(client));
  await cognito.send(
    new UpdateUserPoolClientCommand({
      ...UserPoolClient,
      ...client,
      CallbackURLs: [url],
      LogoutURLs: [url],
    }),
  );
}
