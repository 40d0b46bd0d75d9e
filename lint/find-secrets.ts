import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { lintSource } from '@secretlint/core';
import { creator } from '@secretlint/secretlint-rule-preset-recommend';

/** What looks like a secret and is public, each with its place; a part of it is enough. */
const PUBLIC: readonly (readonly [file: RegExp, text: string])[] = [
  // Made up, to see it taken out of the log.
  [/^test\/log\/log\.unit\.test\.ts$/, 'postgres'],
];

const PRESET = '@secretlint/secretlint-rule-preset-recommend';

/** Each secret in these files of a folder, as `file:line rule`; what it is stays untold. */
export async function findSecrets(folder: string, files: readonly string[]): Promise<string[]> {
  const found = await Promise.all(files.map((file) => secretsIn(folder, file)));
  return found.flat();
}

async function secretsIn(folder: string, file: string): Promise<string[]> {
  const content = await readFile(join(folder, file), 'utf8').catch((error: unknown) => {
    // Deleted, and not committed yet.
    if (Reflect.get(Object(error), 'code') === 'ENOENT') return '';
    throw error;
  });
  const { messages } = await lintSource({
    source: { filePath: file, content, contentType: 'text', ext: extname(file) },
    options: {
      maskSecrets: true,
      config: { rules: [{ id: PRESET, rule: creator, rules: [] }] },
    },
  });
  return messages
    .filter(({ range: [from, to] }) => !isPublic(file, content.slice(from, to)))
    .map(({ loc, messageId, ruleId }) => `${file}:${loc.start.line} ${ruleId} ${messageId}`);
}

function isPublic(file: string, text: string): boolean {
  return PUBLIC.some(([files, known]) => files.test(file) && text.includes(known));
}
