import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

/** Files as the project formats them, imports sorted. @throws Error for what is no TypeScript */
export async function formatted(
  files: Readonly<Record<string, string>>,
  root: URL,
): Promise<Readonly<Record<string, string>>> {
  const entries = Object.entries(files).map(
    async ([path, code]) => [path, await formatCode(path, code, root)] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

async function formatCode(path: string, code: string, root: URL): Promise<string> {
  const biome = fileURLToPath(new URL('node_modules/@biomejs/biome/bin/biome', root));
  const child = spawn(process.execPath, [biome, 'check', '--write', `--stdin-file-path=${path}`], {
    cwd: root,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.end(code);
  const [output, errors, [status]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  if (status === 0) return output;
  throw new Error(`${path} could not be formatted:\n${errors}`);
}
