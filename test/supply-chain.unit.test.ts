import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
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

describe('`npm run advisories`', () => {
  const BULK = '/-/npm/v1/security/advisories/bulk';

  /** What it says where a registry answers the question for advisories so. */
  async function said(answer: (response: ServerResponse) => void) {
    const asked: string[] = [];
    const registry = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      if (request.url === BULK) answer(response);
      else response.writeHead(404).end('{}');
    });
    const cache = await mkdtemp(join(tmpdir(), 'lifeguard-npm-'));
    try {
      await new Promise<void>((resolve) => registry.listen(0, '127.0.0.1', resolve));
      // A server that listens on TCP has an address with a port.
      const { port } = registry.address() as AddressInfo;
      const env = {
        ...process.env,
        npm_config_registry: `http://127.0.0.1:${port}/`,
        npm_config_cache: cache,
        npm_config_fetch_retries: '0',
      };
      const script = join(ROOT, 'dist/lint/advisories.js');
      const ended = await promisify(execFile)(process.execPath, [script], { cwd: ROOT, env }).then(
        ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
        ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
      );
      expect(asked).toContain(`POST ${BULK}`);
      return ended;
    } finally {
      registry.close();
      await rm(cache, { recursive: true, force: true });
    }
  }

  const advisory = (id: number, severity: string) => ({
    id,
    severity,
    url: 'https://github.com/advisories/GHSA-test',
    title: 'Planted',
    vulnerable_versions: '*',
  });

  test('names the packages that a grave advisory warns of, and fails', async () => {
    const answer = {
      'close-with-grace': [advisory(1, 'high')],
      commander: [advisory(2, 'critical')],
      dataloader: [advisory(3, 'moderate')],
    };
    expect(await said((response) => response.end(JSON.stringify(answer)))).toEqual({
      code: 1,
      stdout: 'Advisories were checked: 2 grave ones.\n',
      stderr: 'close-with-grace: high\ncommander: critical\n',
    });
  });

  test('says so where there is none', async () => {
    expect(await said((response) => response.end('{}'))).toEqual({
      code: 0,
      stdout: 'Advisories were checked: 0 grave ones.\n',
      stderr: '',
    });
  });

  test('says so where the registry has no advisories, and does not fail', async () => {
    const { code, stdout, stderr } = await said((response) => response.writeHead(405).end());
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(
      /^Advisories were not checked: the registry has none for us \(405 Method Not Allowed .*\)\.\n$/,
    );
  });
});
