import { existsSync, globSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';

// What was compiled of files that are gone, as after a change of branches: the compiler leaves it, and the server
// would apply such a migration, the tests run such a test.
for (const compiled of globSync('dist/{src,test,lint,bench}/**/*.js')) {
  const source = compiled.replace(/^dist./, '').replace(/\.js$/, '');
  if (existsSync(`${source}.ts`)) continue;
  for (const file of [compiled, `dist/types/${source}.d.ts`]) {
    rmSync(file, { force: true });
    removeIfEmpty(dirname(file));
  }
}

function removeIfEmpty(folder: string): void {
  if (existsSync(folder) && readdirSync(folder).length === 0) rmdirSync(folder);
}
