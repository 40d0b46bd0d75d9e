import { execFile } from 'node:child_process';
import { appendFile, cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** What finds the commands of npm's packages in a copy, and the Node that they are for. */
export const COMMANDS = [join(ROOT, 'node_modules/.bin'), dirname(process.execPath)].join(':');

export interface ProjectCopy {
  readonly folder: string;
  remove(): Promise<void>;
}

/** The project as after `git clone` and `npm ci`, with what is not committed yet: a repository of its own. */
export async function copyOfProject(): Promise<ProjectCopy> {
  const folder = await mkdtemp(join(tmpdir(), 'lifeguard-copy-'));
  const listed = ['ls-files', '--cached', '--others', '--exclude-standard', '-z'];
  const { stdout } = await run('git', listed, { cwd: ROOT, maxBuffer: 64 * 1024 * 1024 });
  for (const file of stdout.split('\0').filter(Boolean))
    await cp(join(ROOT, file), join(folder, file)).catch(ifDeleted);
  await cp(join(ROOT, 'dist'), join(folder, 'dist'), { recursive: true });
  await packagesOf(folder);
  const git = (...args: readonly string[]) => run('git', args, { cwd: folder });
  await git('init', '--quiet');
  // A folder is ignored, a link is not.
  await appendFile(join(folder, '.git/info/exclude'), 'node_modules\n');
  await git('add', '--all');
  const author = ['-c', 'user.name=A reader', '-c', 'user.email=reader@example.com'];
  const quietly = ['--quiet', '--no-verify', '--no-gpg-sign'];
  await git(...author, 'commit', ...quietly, '--message', 'As it was cloned');
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}

/**
 * The same files by another name, where the file system can: at the end of a symbolic link the compiler takes each for
 * another file than it knows, and checks everything anew.
 */
async function packagesOf(folder: string): Promise<void> {
  const [packages, copied] = [join(ROOT, 'node_modules'), join(folder, 'node_modules')];
  try {
    await run('cp', ['-al', packages, copied]);
  } catch {
    await rm(copied, { recursive: true, force: true });
    await symlink(packages, copied);
  }
}

/** Git lists what was deleted since. */
function ifDeleted(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
