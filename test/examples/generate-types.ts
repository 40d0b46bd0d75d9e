import { readFile, writeFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { typesOf } from './types-of.js';

/** Writes the types of the examples' clients, or with `--check` says which are not current. */
const CONFIGURATIONS = ['../../../examples/spa/codegen.js'];

const isCheck = process.argv.includes('--check');
for (const configuration of CONFIGURATIONS) {
  const types = await typesOf(fileURLToPath(new URL(configuration, import.meta.url)));
  for (const [file, content] of types) {
    const kept = await readFile(file, 'utf8').catch(() => '');
    if (kept === content) continue;
    if (!isCheck) await writeFile(file, content);
    else {
      process.stderr.write(`${relative('.', file)} is not current. Run \`npm run generate\`.\n`);
      process.exitCode = 1;
    }
  }
}
