import { execFileSync } from 'node:child_process';
import { findSecrets } from './find-secrets.js';

// Names the secrets in the files that git knows, or would.
const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
const files = execFileSync('git', list, { encoding: 'utf8' }).split('\0').filter(Boolean);
const secrets = await findSecrets('.', [...new Set(files)]);
for (const secret of secrets) process.stderr.write(`${secret}\n`);
if (secrets.length > 0) {
  process.stderr.write(
    'These look like secrets. Take them out, and revoke those that were ever pushed; what is public goes into lint/find-secrets.ts.\n',
  );
  process.exitCode = 1;
}
