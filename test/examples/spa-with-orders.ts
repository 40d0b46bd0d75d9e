import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { typesOf } from './types-of.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

export interface SpaCopy {
  readonly folder: string;
  remove(): Promise<void>;
}

/** A copy of the example that has the page of orders, with the types of a schema that has orders. */
export async function spaWithOrders(schema: string): Promise<SpaCopy> {
  const copy = await mkdtemp(join(tmpdir(), 'lifeguard-spa-'));
  const folder = join(copy, 'examples/spa');
  await mkdir(join(copy, 'schema'), { recursive: true });
  await writeFile(join(copy, 'schema/schema.graphql'), schema);
  await cp(join(ROOT, 'examples'), join(copy, 'examples'), {
    recursive: true,
    filter: (path) => !/\/(?:node_modules|dist)$/.test(path),
  });
  await symlink(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  await cp(join(folder, 'src/pages-to-add/orders'), join(folder, 'src/pages/orders'), {
    recursive: true,
  });
  for (const [file, content] of await typesOf(join(folder, 'codegen.js')))
    await writeFile(file, content);
  return { folder, remove: () => rm(copy, { recursive: true, force: true }) };
}
