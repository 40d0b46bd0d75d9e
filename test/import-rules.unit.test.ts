import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** A file, what it imports, and the rules that it breaks by that. */
const PLANTED: readonly (readonly [file: string, imported: string, rules: readonly string[]])[] = [
  ['web/sandbox/planted.ts', '../../src/config.js', ['pages-stand-apart']],
  ['src/http/planted.ts', '../../web/sandbox/main.js', ['server-without-pages']],
  ['src/auth/planted.ts', '../directory/index.js', ['auth-imports-upwards']],
  ['src/auth/planted-2.ts', '../user-pool/index.js', ['auth-imports-upwards', 'auth-stands-alone']],
  ['src/database/planted.ts', '../auth/viewer.js', ['database-stands-alone']],
  ['src/jobs/planted.ts', '../request/app.js', ['jobs-imports-upwards']],
  ['src/graphql/planted.ts', '../features.js', ['graphql-imports-upwards']],
  ['src/features/node/planted.ts', '../../http/server.js', ['features-imports-upwards']],
  ['src/features/node/planted-2.ts', '../users/user-list.js', ['feature-by-its-index-or-entity']],
  ['src/local-pool/planted.ts', '../errors.js', ['local-pool-stands-apart']],
  ['src/http/planted-2.ts', '../local-pool/index.js', ['local-pool-is-composed-once']],
  ['src/http/planted-3.ts', './nowhere.js', ['resolvable']],
  ['src/features/node/planted-3.ts', '../users/index.js', []],
];

interface Violation {
  readonly from: string;
  readonly rule: { readonly name: string };
}

let copy: string;
let violations: readonly Violation[];

beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), 'lifeguard-imports-'));
  for (const name of ['src', 'web', 'tsconfig.json', 'package.json', '.dependency-cruiser.cjs'])
    await cp(join(root, name), join(copy, name), { recursive: true });
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
  for (const [file, imported] of PLANTED)
    await writeFile(join(copy, file), `import '${imported}';\n`);
  violations = await violationsOf(PLANTED.map(([file]) => file));
});
afterAll(() => rm(copy, { recursive: true, force: true }));

async function violationsOf(files: readonly string[]): Promise<readonly Violation[]> {
  const cruiser = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const args = ['--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...files];
  const { stdout } = await promisify(execFile)(process.execPath, [cruiser, ...args], {
    cwd: copy,
    maxBuffer: 64 * 1024 * 1024,
  }).catch((error: { stdout: string }) => error);
  const { summary }: { summary: { violations: Violation[] } } = JSON.parse(stdout);
  return summary.violations;
}

test.each(PLANTED)('%s may not import %s unless a rule allows it', (file, _imported, rules) => {
  const broken = violations.filter(({ from }) => from === file).map(({ rule }) => rule.name);
  expect(broken.sort()).toEqual(rules);
});
