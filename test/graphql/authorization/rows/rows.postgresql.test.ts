import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type FilterQuery, wrap } from '@mikro-orm/core';
import fc from 'fast-check';
import { v7 } from 'uuid';
import type { AuthorizedRule } from '../../../../src/auth/authorized.js';
import { Role } from '../../../../src/auth/role.js';
import { ANONYMOUS, type Viewer } from '../../../../src/auth/viewer.js';
import type { BaseEntity } from '../../../../src/database/base-entity.js';
import { User } from '../../../../src/directory/index.js';
import { type Connection, keysetPage } from '../../../../src/graphql/pagination/index.js';
import type { Context } from '../../../../src/request/context.js';
import { Cart, Line } from '../../../planted/companies.js';
import { client, person } from '../viewers.js';
import { type PlantedDatabase, plantedDatabase, type RuleOf } from './planted-database.js';
import {
  entityOf,
  naivelyVisible,
  naivelyWritable,
  names,
  type PlantedName,
  plant,
  type Row,
  type Rows,
  TAGS,
} from './rows-of.js';

type Tagged = BaseEntity & { tag: string };

let database: PlantedDatabase;
const people = [v7(), v7(), v7()];
beforeAll(async () => {
  database = await plantedDatabase();
  const em = database.all();
  for (const id of people) em.create(User, { id });
  await em.flush();
});
afterAll(() => database.close());

const roles = fc.subarray([Role.ADMIN, Role.SUPPORT, Role.MEMBER], { minLength: 1 });
const scopes = fc.constantFrom([['read']], [['read', 'all'], ['every']]);
const rule: fc.Arbitrary<AuthorizedRule> = fc
  .record(
    { roles, owner: fc.constant(true), scopes, clients: fc.constant(true) },
    { requiredKeys: [] },
  )
  // Neither: the start refuses it where an organisation bounds the rows.
  .map((given) => (given.roles || given.owner ? given : { ...given, owner: true }));
const rules: fc.Arbitrary<RuleOf> = fc.record({
  Cart: rule,
  Line: rule,
  Remark: rule,
  Company: rule,
  Employment: rule,
  Project: rule,
  Task: rule,
  Club: rule,
});

const user = fc.constantFrom(...people);
const granted = fc.record({
  roles: fc.subarray(Object.values(Role)),
  scopes: fc.subarray(['read', 'all', 'every']),
});
const viewer: fc.Arbitrary<Viewer> = fc.oneof(
  { weight: 1, arbitrary: fc.constant<Viewer>(ANONYMOUS) },
  { weight: 6, arbitrary: fc.tuple(user, granted).map(([id, has]) => person(id, has)) },
  { weight: 4, arbitrary: user.map((id) => person(id)) },
  { weight: 3, arbitrary: granted.map((has) => client(has)) },
);

/** Rows of an entity, each with what it is asked for besides. */
function some<More>(
  more: fc.Arbitrary<More>,
): fc.Arbitrary<(More & { id: string; tag: string })[]> {
  const base = fc.record({ id: fc.constant(null).map(() => v7()), tag: fc.constantFrom(...TAGS) });
  return fc.array(
    fc.tuple(base, more).map(([row, rest]) => ({ ...row, ...rest })),
    { minLength: 1, maxLength: 6 },
  );
}
const idOf = (rows: readonly Row[]) => fc.constantFrom(...rows.map(({ id }) => id));
const rows: fc.Arbitrary<Rows> = fc
  .tuple(
    some(fc.record({ user })),
    some(fc.record({})),
    some(fc.record({ members: fc.subarray(people) })),
  )
  .chain(([carts, firms, clubs]) =>
    fc
      .tuple(
        some(fc.record({ cart: idOf(carts) })),
        some(fc.record({ company: idOf(firms), user })),
        some(fc.record({ company: idOf(firms) })),
      )
      .chain(([lines, employments, projects]) =>
        fc
          .tuple(
            some(fc.record({ line: idOf(lines) })),
            some(fc.record({ project: idOf(projects), user })),
          )
          .map(([remarks, tasks]) => ({
            Cart: carts,
            Line: lines,
            Remark: remarks,
            Company: firms,
            Employment: employments,
            Project: projects,
            Task: tasks,
            Club: clubs,
          })),
      ),
  );

/** What one run is about, and what plain JavaScript says of it. */
interface World {
  readonly rows: Rows;
  readonly rules: RuleOf;
  readonly viewer: Viewer;
}

function visible({ rows, rules, viewer }: World, name: PlantedName): readonly Row[] {
  return rows[name].filter((row) => naivelyVisible(name, row, rows, rules[name], viewer));
}

function writable({ rows, rules, viewer }: World, name: PlantedName): readonly Row[] {
  return rows[name].filter((row) => naivelyWritable(name, row, rows, rules[name], viewer));
}

const ids = (found: Iterable<{ readonly id: string }>) => [...found].map(({ id }) => id).sort();

test('what anybody finds, counts, pages and loads is what the naive rule says', async () => {
  await fc.assert(
    fc.asyncProperty(
      rows,
      rules,
      fc.array(viewer, { minLength: 3, maxLength: 3 }),
      fc.constantFrom(...TAGS),
      async (planted, given, viewers, tag) => {
        await replant(planted);
        database.under(given);
        for (const looking of viewers) {
          const world = { rows: planted, rules: given, viewer: looking };
          for (const name of names) await expectFound(world, name, tag);
          await expectRelated(world, tag);
        }
      },
    ),
    { numRuns: 8, endOnFailure: true },
  );
});

test('what anybody changes and deletes is what the naive rule says', async () => {
  await fc.assert(
    fc.asyncProperty(
      rows,
      rules,
      viewer,
      fc.constantFrom(...TAGS),
      async (planted, given, looking, tag) => {
        await replant(planted);
        database.under(given);
        const world = { rows: planted, rules: given, viewer: looking };
        for (const name of names) {
          const { em } = database.as(looking);
          const mine = writable(world, name).filter((row) => row.tag === tag);
          await em.begin();
          expect(await em.nativeUpdate(entityOf(name), { tag }, { tag: 'z' })).toBe(mine.length);
          expect(await em.nativeDelete(entityOf(name), { tag: 'z' })).toBe(mine.length);
          await em.rollback();
        }
      },
    ),
    { numRuns: 12, endOnFailure: true },
  );
});

async function replant(planted: Rows): Promise<void> {
  const em = database.all();
  for (const name of [...names].reverse()) await em.nativeDelete(entityOf(name), {});
  await plant(em, planted);
}

async function expectFound(world: World, name: PlantedName, tag: string): Promise<void> {
  const entity = entityOf(name);
  const seen = visible(world, name);
  const tagged = seen.filter((row) => row.tag === tag);
  const context = database.as(world.viewer);
  const { em } = context;
  expect(await em.count(entity)).toBe(seen.length);
  expect(await em.count(entity, { tag })).toBe(tagged.length);
  for (const { id } of world.rows[name].slice(0, 3)) {
    const found = await em.findOne(entity, { id });
    expect(found?.id).toBe(seen.some((row) => row.id === id) ? id : undefined);
  }
  expect(ids(await em.find(entity, { tag }))).toEqual(ids(tagged));
  expect(ids(await em.find(entity, {}))).toEqual(ids(seen));
  const [page, total] = await em.findAndCount(entity, {}, { limit: 2, orderBy: { id: 'asc' } });
  expect([page.map(({ id }) => id), total]).toEqual([ids(seen).slice(0, 2), seen.length]);
  expect(await walked(database.as(world.viewer), entity, {}, 'forward')).toEqual(ids(seen));
  expect(await walked(database.as(world.viewer), entity, { tag }, 'backward')).toEqual(ids(tagged));
}

/** All pages of a list, in its order. */
async function walked(
  context: Context,
  entity: new () => Tagged,
  filter: FilterQuery<Tagged>,
  way: 'forward' | 'backward',
): Promise<readonly string[]> {
  const list = {
    entity,
    where: {},
    filter: Object.keys(filter).length > 0 ? filter : undefined,
    orderBy: { by: 'createdAt', direction: 'asc' } as const,
  };
  const found: string[] = [];
  for (let cursor: string | null = null; ; ) {
    const page: Connection<Tagged> = await keysetPage(
      context,
      list,
      way === 'forward' ? { first: 2, after: cursor } : { last: 2, before: cursor },
    );
    const own = page.nodes.map(({ id }) => id);
    expect(await page.count()).toBeGreaterThanOrEqual(own.length);
    if (way === 'forward') found.push(...own);
    else found.unshift(...own);
    const { hasNextPage, hasPreviousPage, startCursor, endCursor } = page.pageInfo;
    if (way === 'forward' ? !hasNextPage : !hasPreviousPage) break;
    cursor = way === 'forward' ? endCursor : startCursor;
  }
  return [...found].sort();
}

async function expectRelated(world: World, tag: string): Promise<void> {
  const [carts, lines] = [visible(world, 'Cart'), visible(world, 'Line')];
  const seenCarts = new Set(carts.map(({ id }) => id));
  const em = () => database.as(world.viewer).em;

  const byCart = lines.filter(({ cart }) =>
    carts.some((one) => one.id === cart && one.tag === tag),
  );
  expect(ids(await em().find(Line, { cart: { tag } }))).toEqual(ids(byCart));
  const byLine = carts.filter(({ id }) => lines.some((one) => one.cart === id && one.tag === tag));
  expect(ids(await em().find(Cart, { lines: { tag } }))).toEqual(ids(byLine));

  for (const strategy of ['select-in', 'joined'] as const) {
    const loading = em();
    for (const line of await loading.find(Line, {}, { populate: ['cart'], strategy })) {
      const row = lines.find(({ id }) => id === line.id);
      expect([strategy, line.cart?.isInitialized() ?? false]).toEqual([
        strategy,
        seenCarts.has(row?.cart ?? ''),
      ]);
    }
    // What is held back is not taken for what was taken away.
    await loading.flush();
    for (const cart of await em().find(Cart, {}, { populate: ['lines'], strategy }))
      expect(ids(cart.lines)).toEqual(ids(lines.filter((line) => line.cart === cart.id)));
  }
  expect(await database.all().count(Line)).toBe(world.rows.Line.length);

  const loading = em();
  const found = await loading.find(Line, {}, { orderBy: { id: 'asc' } });
  const loaded = await Promise.all(found.map(({ cart }) => cart.load({ dataloader: true })));
  // One that is held back is known by its id alone.
  expect(loaded.map((cart) => cart !== null && wrap(cart).isInitialized())).toEqual(
    found.map(({ id }) => seenCarts.has(lines.find((line) => line.id === id)?.cart ?? '')),
  );
  const collecting = em();
  for (const cart of await collecting.find(Cart, {})) {
    expect(await cart.lines.loadCount()).toBe(lines.filter((line) => line.cart === cart.id).length);
    expect(ids(await cart.lines.loadItems({ dataloader: true }))).toEqual(
      ids(lines.filter((line) => line.cart === cart.id)),
    );
  }
}
