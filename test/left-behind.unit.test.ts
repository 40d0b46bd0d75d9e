import { execFileSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const script = fileURLToPath(new URL('../lint/left-behind.js', import.meta.url));

test('what was compiled of a file that is gone goes too, and nothing else', async () => {
  const cwd = await mkdtemp(join(tmpdir(), 'lifeguard-left-behind-'));
  const stays = ['src/main.ts', 'dist/src/main.js', 'dist/types/src/main.d.ts', 'dist/bundle/a.js'];
  const goes = ['dist/src/notes/note.js', 'dist/types/src/notes/note.d.ts', 'dist/test/note.js'];
  for (const file of [...stays, ...goes]) {
    await mkdir(join(cwd, dirname(file)), { recursive: true });
    await writeFile(join(cwd, file), '');
  }
  execFileSync(process.execPath, [script], { cwd });
  expect(globSync('**/*.{ts,js}', { cwd }).sort()).toEqual(stays.sort());
  expect(globSync('**/notes', { cwd })).toEqual([]);
  await rm(cwd, { recursive: true });
});
