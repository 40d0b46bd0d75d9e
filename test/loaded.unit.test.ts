import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ROOT } from '../src/root.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lifeguard-loaded-'));
  for (const name of ['src', 'bundle']) await mkdir(join(folder, name));
  await cp(new URL('dist/src/loaded.js', ROOT), join(folder, 'src/loaded.js'));
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  await writeFile(join(folder, 'bundle/serve.js'), 'console.log("the bundle")');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What a process loads of what is there now. */
async function loaded(): Promise<string> {
  const module = pathToFileURL(join(folder, 'src/loaded.js'));
  const script = `import { loaded } from '${module}';
    await loaded('serve', async () => console.log('as compiled'));`;
  const node = promisify(execFile);
  const { stdout } = await node(process.execPath, ['--input-type=module', '--eval', script]);
  return stdout.trim();
}

test('a bundle serves until something is compiled anew, and what is compiled without one', async () => {
  expect(await loaded()).toBe('as compiled');
  await writeFile(join(folder, '.tsbuildinfo'), 'one');
  expect(await loaded()).toBe('as compiled');
  const madeOf = createHash('sha256').update('one').digest('hex');
  await writeFile(join(folder, 'bundle/made-of'), madeOf);
  expect(await loaded()).toBe('the bundle');
  await writeFile(join(folder, '.tsbuildinfo'), 'another');
  expect(await loaded()).toBe('as compiled');
});
