import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, jest, test } from '@jest/globals';
import { type NewEntityOptions, newEntity } from '../../src/cli/new-entity/new-entity.js';

jest.setTimeout(300_000);

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../../', import.meta.url));
const copies: string[] = [];
afterAll(async () => {
  for (const copy of copies) await rm(copy, { recursive: true, force: true });
});

describe('in a copy of the project', () => {
  /** What is committed and what is not yet, as it is built. */
  async function copyOfProject(): Promise<string> {
    const copy = await mkdtemp(join(tmpdir(), 'lifeguard-entity-'));
    copies.push(copy);
    const listed = ['ls-files', '--cached', '--others', '--exclude-standard', '-z'];
    const { stdout } = await run('git', listed, { cwd: root, maxBuffer: 64 * 1024 * 1024 });
    for (const file of stdout.split('\0').filter(Boolean))
      await cp(join(root, file), join(copy, file)).catch(ifDeleted);
    await cp(join(root, 'dist'), join(copy, 'dist'), { recursive: true });
    await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
    return copy;
  }

  test('two entities, one of them in the other, pass every check and their own tests', async () => {
    const copy = await copyOfProject();
    const env = {
      PATH: `${join(root, 'node_modules/.bin')}:${dirname(process.execPath)}:${process.env.PATH}`,
      HOME: process.env.HOME,
      NO_COLOR: '1',
      DATABASE_URL: process.env.TEST_DATABASE_URL,
    };
    const inCopy = async (command: string, ...args: readonly string[]) => {
      const options = { cwd: copy, env, maxBuffer: 64 * 1024 * 1024 };
      const { stdout } = await run(command, args, options).catch(
        (error: { stdout: string; stderr: string }) => {
          throw new Error(`${command} ${args.join(' ')}:\n${error.stdout}${error.stderr}`);
        },
      );
      return stdout;
    };
    const lifeguard = (...args: readonly string[]) =>
      inCopy('node', 'dist/src/cli/lifeguard.js', ...args);

    const fields =
      'total:decimal status:OrderStatus(open,paid) placedAt:datetime paidOn:date? note:text?';
    const order = await lifeguard('new', 'entity', 'Order', '--fields', fields, '--owner');
    expect(order).toContain('src/features/orders/order.entity.ts');
    const ofItem = ['--fields', 'order:Order quantity:int(1..1000)', '--owner-through', 'order'];
    await lifeguard('new', 'entity', 'OrderItem', ...ofItem);

    await inCopy('tsc', '-b');
    await inCopy('biome', 'ci', 'src', 'test');
    await inCopy('depcruise', '--progress', 'none', '--config', '.dependency-cruiser.cjs', 'src');
    await inCopy('knip');
    await inCopy('mikro-orm', 'migration:check');
    await lifeguard('generate', '--check');
    const jestFlags = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
    await inCopy(
      'env',
      `TEST_DATABASE_URL=${process.env.TEST_DATABASE_URL}`,
      'node',
      ...jestFlags,
      'node_modules/jest/bin/jest.js',
      'features/orders.test',
      'features/order-items.test',
      'features.unit',
      '--selectProjects',
      'unit',
      'postgresql',
    );
    const access = await readFile(join(copy, 'schema/access.md'), 'utf8');
    expect(access).toContain('OrderItem.quantity');
  });
});

/** Git lists what was deleted since. */
function ifDeleted(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}

describe('what would be written', () => {
  async function dryRun(name: string, options: NewEntityOptions): Promise<string> {
    const output = new PassThrough();
    const [written] = await Promise.all([
      text(output),
      newEntity(name, { ...options, dryRun: true }, output).finally(() => output.end()),
    ]);
    return written;
  }

  const refusal = async (name: string, options: NewEntityOptions) =>
    String(await dryRun(name, options).catch((error: unknown) => error));

  test('is printed by --dry-run, every kind of field among it', async () => {
    const fields =
      'name:text(80) count:int weight:float price:decimal(18,4)? isSold:boolean madeOn:date seenAt:datetime? externalId:uuid size:BoatSize(small, very-large)? owner:User? sister:Boat?';
    const written = await dryRun('Boat', { fields });
    expect(written).toContain("VERY_LARGE = 'VERY_LARGE'");
    expect(written).toContain(
      "@Property({ type: 'decimal', precision: 18, scale: 4, nullable: true })",
    );
    expect(written).toContain('export class BoatBoatsResolver');
    expect(written).toContain('export class UserBoatsResolver');
    expect(written).toContain('  boats,\n];');
    expect(written).toContain('Nothing was written.');
  });

  test('has the plural that is given', async () => {
    const written = await dryRun('News', {
      fields: 'title:text',
      plural: 'NewsItems',
      owner: true,
    });
    expect(written).toContain('--- src/features/news-items/news.entity.ts');
    expect(written).toContain('newsItems(');
  });

  test('is nothing where something is in the way, all of which is said at once', async () => {
    const said = await refusal('User', {
      fields: 'id:int class:text total:decimals order:Order user:text user:text',
      owner: true,
      ownerThrough: 'order',
    });
    for (const part of [
      'nothing was written',
      '"total:decimals" has a type that there is not. Use text',
      '--owner and --owner-through exclude each other',
      'the graph has a type User already',
      'Query has a field users already',
      'the database has a table app_user already',
      'src/features/users is there already',
      'every entity has id already',
      'the name class is reserved',
      'there are two fields user',
      'order leads to Order, which is no entity',
    ])
      expect(said).toContain(part);
  });

  test.each([
    ['order item', { fields: 'name:text' }, 'is no name of an entity'],
    ['Query', { fields: 'name:text' }, 'the name Query is reserved'],
    ['Fish', {}, 'the entity has no field of its own'],
    ['Sheep', { fields: 'name:text', plural: 'Sheep' }, 'is its own plural'],
    ['Boat', { fields: 'size:Size(1,2)' }, 'values that an enum cannot have'],
    ['Boat', { fields: 'role:Role(a,b)' }, 'a type Role already'],
    ['Boat', { fields: 'name:text(0)' }, 'has no such length'],
    ['Boat', { fields: 'count:int(5..1)' }, 'has no such range'],
    ['Boat', { fields: 'price:decimal(2,4)' }, 'has no such digits'],
    ['Boat', { fields: 'name' }, 'is no field'],
    ['Boat', { fields: 'name:text boat:Boat?' }, 'a relation cannot be called boat'],
    ['Boat', { fields: 'name:text sister:Boat' }, 'would need a row before the first'],
    [
      'Boat',
      { fields: 'name:text user:User', owner: true as const },
      '--owner makes the field user',
    ],
    ['Boat', { fields: 'name:text', ownerThrough: 'harbour' }, 'there is no relation harbour'],
    ['Boat', { fields: 'name:text skipper:User', ownerThrough: 'skipper' }, 'Give --owner instead'],
    ['Session', { fields: 'name:text' }, 'a type Session already'],
  ])('%s is refused: %j', async (name, options, why) => {
    expect(await refusal(name, options)).toContain(why);
  });
});
