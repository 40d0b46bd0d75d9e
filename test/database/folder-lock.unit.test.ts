import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import {
  FolderLockedError,
  FolderUnusableError,
  lockFolder,
} from '../../src/database/folder-lock.js';

const holderScript = new URL('../support/lock-holder.js', import.meta.url);
let folder: string;
let children: ChildProcess[];

beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'lifeguard-lock-')), 'database');
  children = [];
});

afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await rm(join(folder, '..'), { recursive: true, force: true });
});

/** Starts a process that tries for the lock; answers with what it says: `locked`, or its refusal. */
async function contend(): Promise<{ child: ChildProcess; says: unknown }> {
  const child = fork(holderScript, [folder], { execArgv: [] });
  children.push(child);
  const [says] = await once(child, 'message');
  return { child, says };
}

test('a second process is told which process holds the folder', async () => {
  const { child } = await contend();
  const refused = lockFolder(folder);
  await expect(refused).rejects.toThrow(FolderLockedError);
  await expect(refused).rejects.toThrow(`is held by the process ${child.pid}.`);
});

test('a folder that cannot be made is told with the remedy', async () => {
  await writeFile(folder, 'a file');
  const refused = lockFolder(join(folder, 'database'));
  await expect(refused).rejects.toThrow(FolderUnusableError);
  await expect(refused).rejects.toThrow(/Set DATA_DIR to a folder that this account may write/);
});

test('a folder that was let go can be held again', async () => {
  const unlock = await lockFolder(folder);
  await unlock();
  await (await lockFolder(folder))();
});

test('the lock of a process that was killed is taken over', async () => {
  const { child } = await contend();
  child.kill('SIGKILL');
  await once(child, 'exit');
  const unlock = await lockFolder(folder);
  expect(JSON.parse(await readFile(`${folder}.lock`, 'utf8'))).toMatchObject({ pid: process.pid });
  await unlock();
});

test('the lock of a dead process whose pid was given away is taken over', async () => {
  await lockFolder(folder);
  await writeFile(`${folder}.lock`, JSON.stringify({ pid: process.pid, began: '1' }));
  await (await lockFolder(folder))();
});

test('a lock that makes no sense is taken over', async () => {
  await lockFolder(folder);
  await writeFile(`${folder}.lock`, '{');
  await (await lockFolder(folder))();
});

test('of several processes that find a stale lock at once, one takes it over', async () => {
  const { child } = await contend();
  child.kill('SIGKILL');
  await once(child, 'exit');
  const said = await Promise.all([1, 2, 3, 4, 5].map(async () => (await contend()).says));
  expect(said.filter((says) => says === 'locked')).toHaveLength(1);
  expect(said.filter((says) => says === 'FolderLockedError')).toHaveLength(4);
});
