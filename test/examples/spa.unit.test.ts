import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { spaWithOrders } from './spa-with-orders.js';

const fileOf = (path: string) => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
const versions = z.record(z.string(), z.string());
const manifest = z.object({ dependencies: versions, devDependencies: versions });

async function versionsOf(path: string): Promise<Record<string, string>> {
  const { dependencies, devDependencies } = manifest.parse(
    JSON.parse(await readFile(fileOf(path), 'utf8')),
  );
  return { ...dependencies, ...devDependencies };
}

/** What `lifeguard new entity Order` adds to the schema, as far as the page of orders asks for it. */
const ORDERS = `
  enum OrderStatus { OPEN PAID }
  type Order implements Node & Entity {
    id: ID! createdAt: DateTime! updatedAt: DateTime!
    total: String! status: OrderStatus! placedAt: DateTime! note: String user: User!
  }
  type OrderConnection { edges: [OrderEdge!]! nodes: [Order!]! pageInfo: PageInfo! totalCount: Int }
  type OrderEdge { cursor: String! node: Order! }
  extend type User {
    orders(first: Int, after: String, last: Int, before: String): OrderConnection!
  }
`;

test('the single-page application is tested with the versions that it installs', async () => {
  const [root, spa] = await Promise.all(
    ['package.json', 'examples/spa/package.json'].map(versionsOf),
  );
  const shared = Object.keys(spa ?? {}).filter((name) => root?.[name] !== undefined);
  expect(shared).toContain('@graphql-codegen/client-preset');
  for (const name of shared) expect(`${name} ${spa?.[name]}`).toBe(`${name} ${root?.[name]}`);
});

test('its page of orders fits a schema that has orders', async () => {
  const schema = await readFile(fileOf('schema/schema.graphql'), 'utf8');
  const copy = await spaWithOrders(schema + ORDERS);
  try {
    const tsc = fileOf('node_modules/typescript/bin/tsc');
    await promisify(execFile)(process.execPath, [tsc, '-p', copy.folder]);
  } finally {
    await copy.remove();
  }
});
