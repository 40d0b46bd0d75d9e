import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('../../', import.meta.url));
let copy: string;

beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), 'lifeguard-imports-'));
  for (const name of ['src', 'web', 'tsconfig.json', 'package.json', '.dependency-cruiser.cjs'])
    await cp(join(root, name), join(copy, name), { recursive: true });
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
});
afterAll(() => rm(copy, { recursive: true, force: true }));

/** The names of the rules that an import planted in a new file breaks. */
async function rulesBrokenBy(file: string, imported: string): Promise<string[]> {
  const path = join(copy, file);
  await writeFile(path, `import '${imported}';\n`);
  try {
    const cruiser = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
    const args = ['--config', '.dependency-cruiser.cjs', '--output-type', 'json', file];
    const { stdout } = await promisify(execFile)(process.execPath, [cruiser, ...args], {
      cwd: copy,
      maxBuffer: 64 * 1024 * 1024,
    }).catch((error: { stdout: string }) => error);
    const { summary }: { summary: { violations: { from: string; rule: { name: string } }[] } } =
      JSON.parse(stdout);
    return summary.violations.filter(({ from }) => from === file).map(({ rule }) => rule.name);
  } finally {
    await rm(path);
  }
}

test.each([
  ['web/sandbox/planted.ts', '../../src/config.js', ['pages-stand-apart']],
  ['src/http/planted.ts', '../../web/sandbox/main.js', ['server-without-pages']],
  ['src/auth/planted.ts', '../directory/index.js', ['auth-imports-upwards']],
  ['src/auth/planted.ts', '../user-pool/index.js', ['auth-imports-upwards', 'auth-stands-alone']],
  ['src/database/planted.ts', '../auth/viewer.js', ['database-stands-alone']],
  ['src/jobs/planted.ts', '../request/app.js', ['jobs-imports-upwards']],
  ['src/graphql/planted.ts', '../features.js', ['graphql-imports-upwards']],
  ['src/features/node/planted.ts', '../../http/server.js', ['features-imports-upwards']],
  ['src/features/node/planted.ts', '../users/user-list.js', ['feature-by-its-index-or-entity']],
  ['src/local-pool/planted.ts', '../errors.js', ['local-pool-stands-apart']],
  ['src/http/planted.ts', '../local-pool/index.js', ['local-pool-is-composed-once']],
  ['src/http/planted.ts', './nowhere.js', ['resolvable']],
  ['src/features/node/planted.ts', '../users/index.js', []],
])('%s may not import %s unless a rule allows it', async (file, imported, rules) => {
  expect((await rulesBrokenBy(file, imported)).sort()).toEqual(rules);
});
