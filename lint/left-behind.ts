import { existsSync, globSync, rmSync } from 'node:fs';

// What was compiled of files that are gone, as after a change of branches: the compiler leaves it, and the server
// would apply such a migration, the tests run such a test.
for (const compiled of globSync('dist/{src,test,lint,bench}/**/*.js')) {
  const source = compiled.replace(/^dist./, '').replace(/\.js$/, '');
  if (existsSync(`${source}.ts`)) continue;
  rmSync(compiled);
  rmSync(`dist/types/${source}.d.ts`, { force: true });
}
