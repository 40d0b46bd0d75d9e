import { existsSync } from 'node:fs';
import { link, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { StartError } from '../start-error.js';

/** Thrown where another process holds the folder; its message says which and what to do. */
export class FolderLockedError extends StartError {
  constructor(
    readonly folder: string,
    readonly pid: number,
  ) {
    super(
      `The embedded database in ${folder} is held by the process ${pid}. ` +
        'Stop that server first, set DATA_DIR to another folder, or set DATABASE_URL to a PostgreSQL.',
    );
  }
}

/** Thrown where the folder cannot be made or written, as by another account or on a disk that is read only. */
export class FolderUnusableError extends StartError {
  constructor(folder: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(
      `The embedded database in ${folder} cannot be written: ${reason}. ` +
        'Set DATA_DIR to a folder that this account may write, or set DATABASE_URL to a PostgreSQL.',
      { cause },
    );
  }
}

interface Holder {
  readonly pid: number;
  /** When that process began, in the kernel's own count: a pid alone may have been given away again. */
  readonly began: string;
}

/** A takeover that has not ended after this many milliseconds was itself cut off. */
const TAKEOVER_PATIENCE = 10_000;

/**
 * Holds a folder for this process: PGlite itself lets a second process open it and ruin it.
 * The lock of a process that has died is taken over. Answers with a function that lets go.
 * @throws FolderLockedError
 * @throws FolderUnusableError
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const path = lockPath(folder);
  const own: Holder = { pid: process.pid, began: await beginOf(process.pid) };
  const draft = `${path}.${own.pid}`;
  try {
    await makeFolder(dirname(folder));
    await writeFile(draft, JSON.stringify(own));
  } catch (error) {
    throw new FolderUnusableError(folder, error);
  }
  try {
    while (!(await tryLink(draft, path))) {
      const holder = await holderOf(path);
      if (holder === undefined) continue;
      if (await isAlive(holder)) throw new FolderLockedError(folder, holder.pid);
      await takeOver(path, draft, holder);
    }
  } finally {
    await rm(draft, { force: true });
  }
  return () => rm(path, { force: true });
}

/**
 * For tools that open the database by themselves, such as the MikroORM CLI.
 * @throws FolderLockedError where another process holds the folder.
 */
export async function refuseHeldFolder(folder: string): Promise<void> {
  const holder = await holderOf(lockPath(folder));
  if (holder !== undefined && (await isAlive(holder)))
    throw new FolderLockedError(folder, holder.pid);
}

/**
 * With those above it that there are not. Node's own `recursive` (24.21.0) tries for ever where a folder above is there and
 * the system says of the new one that there is no such thing, as below `/proc`.
 */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    if (isCode(error, 'EEXIST')) return;
    const above = dirname(folder);
    if (!isCode(error, 'ENOENT') || existsSync(above)) throw error;
    await makeFolder(above);
    await makeFolder(folder);
  }
}

/** Beside the folder, whose content is the database's own. */
function lockPath(folder: string): string {
  return `${folder}.lock`;
}

/** Linking fails where the lock exists, and a linked lock is never half written. */
async function tryLink(draft: string, path: string): Promise<boolean> {
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/** Removes the lock of a dead process; of several that try, one at a time looks and removes. */
async function takeOver(path: string, draft: string, dead: Holder): Promise<void> {
  const claim = `${path}.takeover`;
  if (!(await tryLink(draft, claim))) {
    const since = await stat(claim).then(
      ({ ctimeMs }) => ctimeMs,
      () => Date.now(),
    );
    if (Date.now() - since > TAKEOVER_PATIENCE) await rm(claim, { force: true });
    await sleep(20);
    return;
  }
  try {
    const holder = await holderOf(path);
    if (holder?.pid === dead.pid && holder.began === dead.began) await rm(path, { force: true });
  } finally {
    await rm(claim, { force: true });
  }
}

/** Who holds the folder; undefined when nobody does. A lock that cannot be read counts as a dead one's. */
async function holderOf(path: string): Promise<Holder | undefined> {
  try {
    const holder: unknown = JSON.parse(await readFile(path, 'utf8'));
    return isHolder(holder) ? holder : { pid: 0, began: '' };
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    if (error instanceof SyntaxError) return { pid: 0, began: '' };
    throw error;
  }
}

function isHolder(value: unknown): value is Holder {
  return typeof value === 'object' && value !== null && 'pid' in value && 'began' in value;
}

async function isAlive({ pid, began }: Holder): Promise<boolean> {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (isCode(error, 'ESRCH')) return false;
  }
  return (await beginOf(pid)) === began;
}

/** What is dead and not buried by its parent still has a pid. */
const DEAD = new Set(['Z', 'X']);

/** Fields 3 and 22 of /proc/PID/stat (proc(5)); empty where the system has no such file. */
async function beginOf(pid: number): Promise<string> {
  try {
    const text = await readFile(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return DEAD.has(fields[0] ?? '') ? 'dead' : (fields[19] ?? '');
  } catch {
    return '';
  }
}

function isCode(error: unknown, code: string): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === code;
}
