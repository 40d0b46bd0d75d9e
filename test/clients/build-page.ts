import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

/** Bundles the client libraries as an application would; the folder with the page. */
export async function buildPage(): Promise<string> {
  const outDir = await mkdtemp(join(tmpdir(), 'lifeguard-clients-'));
  await build({
    root: fileURLToPath(new URL('../../../test/clients/page/', import.meta.url)),
    configFile: false,
    logLevel: 'warn',
    // amazon-cognito-identity-js was made for bundlers that know Node's name of it.
    define: { global: 'globalThis' },
    build: { outDir, emptyOutDir: true, chunkSizeWarningLimit: 5_000 },
  });
  return outDir;
}
