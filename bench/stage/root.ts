import { fileURLToPath } from 'node:url';

/** A path of the repository: what runs is compiled into `dist/bench/stage/`. */
export function fromRoot(path: string): string {
  return fileURLToPath(new URL(`../../../${path}`, import.meta.url));
}
