import { readFile, writeFile } from 'node:fs/promises';
import { apiSchema } from '../app.js';
import { readConfig } from '../config.js';
import { accessMatrix, printAccessMatrix } from '../graphql/access-matrix.js';
import { printSchema } from '../graphql/print-schema.js';
import { ROOT } from '../root.js';
import { environmentExample, environmentTable } from './environment.js';

/** Markers of the part of a page that is generated. */
const BEGIN = '<!-- generated: environment -->\n';
const END = '<!-- end of generated -->\n';

/**
 * Writes what is made from the code: the SDL, the access matrix, `.env.example` and the README's table.
 * @throws Error that names every file that is not current, in mode `check`.
 */
export async function generate(mode: 'write' | 'check'): Promise<void> {
  const schema = apiSchema(readConfig({}));
  const readme = await readFile(new URL('README.md', ROOT), 'utf8');
  const files = {
    'schema/schema.graphql': printSchema(schema),
    'schema/access.md': printAccessMatrix(accessMatrix(schema)),
    '.env.example': environmentExample(),
    'README.md': withGenerated(readme, environmentTable()),
  };
  const old: string[] = [];
  for (const [name, content] of Object.entries(files)) {
    const url = new URL(name, ROOT);
    const current = await readFile(url, 'utf8').catch(() => '');
    if (current === content) continue;
    old.push(name);
    if (mode === 'write') await writeFile(url, content);
  }
  if (mode === 'check' && old.length > 0)
    throw new Error(`Not current: ${old.join(', ')}. Run: npm run generate`);
}

function withGenerated(page: string, content: string): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin) throw new Error('README.md has lost its generated part.');
  return page.slice(0, begin + BEGIN.length) + content + page.slice(end);
}
