import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/**
 * Builds the server's pages as `npm run build` does, so that no test looks at older ones. Not in this
 * process, whose NODE_ENV would make it a build for development.
 */
export async function buildWeb(): Promise<void> {
  const root = fileURLToPath(new URL('../../../', import.meta.url));
  const args = ['node_modules/vite/bin/vite.js', 'build', 'web', '--config', 'web/vite.config.ts'];
  await promisify(execFile)(process.execPath, [...args, '--logLevel', 'warn'], {
    cwd: root,
    env: { ...process.env, NODE_ENV: 'production' },
  });
}
