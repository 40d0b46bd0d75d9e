import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, statSync } from 'node:fs';
import { fromRoot } from './root.js';

/** Installs what Lifeguard is measured against, unless it is there: `npm ci` of the project leaves it out. */
export async function installPeers(): Promise<void> {
  const lock = fromRoot('bench/package-lock.json');
  const installed = fromRoot('bench/node_modules/.package-lock.json');
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  process.stderr.write('Installing the peers and the client in bench/ (npm ci) ...\n');
  const npm = spawn('npm', ['ci'], {
    cwd: fromRoot('bench'),
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [code] = await once(npm, 'exit');
  if (code !== 0) throw new Error('npm ci failed in bench/: see above.');
}
