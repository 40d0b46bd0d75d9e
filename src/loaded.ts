import { hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { enableCompileCache } from 'node:module';

/** `npm run build` makes it: the server and the commands with their packages in a few files, which load in half of the time. */
const BUNDLE = new URL('../bundle/', import.meta.url);

/**
 * Loads the program that a process is started for, from the bundle where that was made of what is compiled now.
 * @param name of its file in the bundle
 * @param compiled loads it as it was compiled
 */
export async function loaded(
  name: 'serve' | 'program',
  compiled: () => Promise<unknown>,
): Promise<void> {
  // What the next start need not compile again. Not in the temporary folder, where others could put code.
  enableCompileCache(new URL('../.compile-cache', import.meta.url).pathname);
  if (await isCurrent()) await import(`${BUNDLE}${name}.js`);
  else {
    // Whoever edits wants to see their own lines; to read the maps takes a quarter of a start.
    process.setSourceMapsEnabled(true);
    await compiled();
  }
}

async function isCurrent(): Promise<boolean> {
  const read = (name: string, base: string | URL) => readFile(new URL(name, base));
  try {
    const buildInfo = await read('../.tsbuildinfo', import.meta.url);
    return hash('sha256', buildInfo) === String(await read('made-of', BUNDLE));
  } catch {
    return false;
  }
}
