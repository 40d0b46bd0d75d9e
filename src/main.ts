import { hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { enableCompileCache } from 'node:module';

/** `npm run build` makes it: the server with its packages in a few files, which load in a third of the time. */
const BUNDLE = new URL('../bundle/', import.meta.url);

// What the next start need not compile again; so the bulk of the code is imported after it. Not in the
// temporary folder, where others could put code.
enableCompileCache(new URL('../.compile-cache', import.meta.url).pathname);

if (await isCurrent()) await import(`${BUNDLE}serve.js`);
else {
  // Whoever edits wants to see their own lines; to read the maps takes a quarter of a start.
  process.setSourceMapsEnabled(true);
  await import('./serve.js');
}

/** Whether the bundle was made of what is compiled now. */
async function isCurrent(): Promise<boolean> {
  const read = (name: string, base: string | URL) => readFile(new URL(name, base));
  try {
    const compiled = await read('../.tsbuildinfo', import.meta.url);
    return hash('sha256', compiled) === String(await read('made-of', BUNDLE));
  } catch {
    return false;
  }
}
