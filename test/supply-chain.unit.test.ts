import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { findSecrets } from '../lint/find-secrets.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const packageFile = z.object({ dependencies: z.record(z.string(), z.string()) });
const bom = z.object({
  bomFormat: z.literal('CycloneDX'),
  components: z.array(
    z.object({ group: z.string().optional(), name: z.string(), version: z.string() }),
  ),
});

test('a planted secret is found, and not repeated', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lifeguard-secrets-'));
  // In pieces, so that none is found here.
  const key = `wJalrXUtnFEMI/K7MDENG/${'bPxRfiCYLIFEGUARDK'}`;
  const planted: Record<string, string> = {
    'a.ts': `const id = 1;\nconst AWS_SECRET_ACCESS_KEY = '${key}';\n`,
    'b.pem': `-----BEGIN RSA ${'PRIVATE KEY'}-----\n${'MIIEow'.repeat(20)}\n-----END RSA ${'PRIVATE KEY'}-----\n`,
    'c.env': `TOKEN=ghp${'_'}${'aB3dE5gH7jK9'.repeat(3)}\n`,
    'd.md': 'The password of each is `Lifeguard1!`.\n',
  };
  try {
    for (const [file, content] of Object.entries(planted))
      await writeFile(join(folder, file), content);
    const found = await findSecrets(folder, [...Object.keys(planted), 'deleted.ts']);
    expect(found.map((line) => line.split(' ', 1)[0]).toSorted()).toEqual([
      'a.ts:2',
      'b.pem:1',
      'c.env:1',
    ]);
    expect(found.join()).not.toContain(key);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('the software bill of materials lists what the server depends on', async () => {
  const { dependencies } = packageFile.parse(
    JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')),
  );
  const { stdout } = await promisify(execFile)('npm', ['run', '--silent', 'sbom'], {
    cwd: ROOT,
    maxBuffer: 64 * 1024 * 1024,
  });
  const listed = bom
    .parse(JSON.parse(stdout))
    .components.map(({ group, name, version }) => `${group ? `${group}/` : ''}${name}@${version}`);
  const wanted = Object.entries(dependencies).map(([name, version]) => `${name}@${version}`);
  expect(wanted.length).toBeGreaterThan(30);
  expect(wanted.filter((name) => !listed.includes(name))).toEqual([]);
});
