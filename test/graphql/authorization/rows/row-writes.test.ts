import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Collection } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { v7 } from 'uuid';
import { Role, STAFF } from '../../../../src/auth/role.js';
import { ANONYMOUS, type Viewer } from '../../../../src/auth/viewer.js';
import { withoutRowRules } from '../../../../src/database/row-view.js';
import { User } from '../../../../src/directory/index.js';
import {
  Cart,
  Club,
  Company,
  Employment,
  Line,
  Project,
  Task,
} from '../../../planted/companies.js';
import { client, person } from '../viewers.js';
import { type PlantedDatabase, plantedDatabase } from './planted-database.js';

const [uma, liam] = [v7(), v7()];
const staff = { roles: STAFF, owner: true };

let database: PlantedDatabase;
let theirs: { readonly cart: string; readonly line: string; readonly company: string };
beforeAll(async () => {
  database = await plantedDatabase();
  database.under({
    // Members see every cart, which does not make it theirs.
    Cart: { roles: [...STAFF, Role.MEMBER], owner: true },
    Line: staff,
    Remark: staff,
    Company: staff,
    Employment: staff,
    Project: staff,
    Task: staff,
    Club: staff,
  });
  const em = database.all();
  for (const id of [uma, liam]) em.create(User, { id });
  const cart = em.create(Cart, { tag: 'a', user: liam });
  const line = em.create(Line, { tag: 'a', cart });
  const company = em.create(Company, { tag: 'a' });
  em.create(Employment, { tag: 'a', company, user: liam });
  await em.flush();
  theirs = { cart: cart.id, line: line.id, company: company.id };
});
afterAll(() => database.close());

const as = (viewer: Viewer): EntityManager => database.as(viewer).em;
const umas = (): EntityManager => as(person(uma));
const owner = { code: 'FORBIDDEN', reason: 'owner' };
const gone = { code: 'NOT_FOUND', reason: 'row' };

describe('a new row', () => {
  test("is the person's who makes it, without a word", async () => {
    const em = umas();
    const cart = em.create(Cart, { tag: 'b' });
    await em.flush();
    expect(cart.user.id).toBe(uma);
    expect((await database.all().findOneOrFail(Cart, { id: cart.id })).user.id).toBe(uma);
  });

  test.each([
    ['a person for another', person(uma), owner],
    ["who may see everybody's, for another", person(uma, { roles: [Role.MEMBER] }), owner],
    ['nobody', ANONYMOUS, { code: 'UNAUTHENTICATED' }],
    ['a machine client that no rule names', client(), { code: 'FORBIDDEN' }],
  ])('is refused to %s', async (_viewer, viewer, error) => {
    const em = as(viewer);
    em.create(Cart, { tag: 'b', user: liam });
    await expect(em.flush()).rejects.toMatchObject(error);
  });

  test('staff make for others; a machine client has to say for whom', async () => {
    const support = as(person(uma, { roles: [Role.SUPPORT] }));
    support.create(Cart, { tag: 'c', user: liam });
    await support.flush();
    const machine = as(client({ roles: [Role.SUPPORT] }));
    machine.create(Cart, { tag: 'c' });
    await expect(machine.flush()).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      reason: 'owner',
    });
  });

  test("goes to a parent of one's own alone, old or new", async () => {
    const em = umas();
    const cart = em.create(Cart, { tag: 'd' });
    em.create(Line, { tag: 'd', cart });
    await em.flush();
    em.create(Line, { tag: 'd', cart: em.getReference(Cart, cart.id) });
    await em.flush();
    for (const parent of [theirs.cart, v7()]) {
      const other = umas();
      other.create(Line, { tag: 'd', cart: other.getReference(Cart, parent) });
      await expect(other.flush()).rejects.toMatchObject(owner);
    }
  });

  test("goes to an organisation of one's own alone, and nobody lets themselves in", async () => {
    for (const make of [
      (em: EntityManager) => em.create(Project, { tag: 'e', company: theirs.company }),
      (em: EntityManager) =>
        em.create(Employment, { tag: 'e', company: theirs.company, user: uma }),
    ]) {
      const em = umas();
      make(em);
      await expect(em.flush()).rejects.toMatchObject(owner);
    }
    const em = umas();
    const company = em.create(Company, { tag: 'e' });
    em.create(Employment, { tag: 'e', company, user: uma });
    const project = em.create(Project, { tag: 'e', company });
    em.create(Task, { tag: 'e', project });
    await em.flush();
    expect(await umas().count(Task)).toBe(1);
  });

  test('of the members of an organisation is one as well', async () => {
    const all = database.all();
    const club = all.create(Club, { tag: 'f' });
    await all.flush();
    const em = umas();
    const user = em.getReference(User, uma);
    Collection.create(em.getReference(Club, club.id), 'members', [user], true).add(user);
    await em.flush().catch((error: unknown) => expect(error).toMatchObject(gone));
    expect(await umas().count(Club)).toBe(0);
  });
});

describe('a row that is there', () => {
  test("is not found, like one that never was, where it is another's", async () => {
    for (const id of [theirs.line, v7()]) {
      await expect(umas().findOneOrFail(Line, { id })).rejects.toMatchObject({
        message: 'There is no such Line.',
        ...gone,
      });
      expect(await umas().nativeUpdate(Line, { id }, { tag: 'z' })).toBe(0);
      expect(await umas().nativeDelete(Line, { id })).toBe(0);
      const changing = umas();
      changing.assign(changing.getReference(Line, id), { tag: 'z' });
      await expect(changing.flush()).rejects.toMatchObject(gone);
      const removing = umas();
      removing.remove(removing.getReference(Line, id));
      await expect(removing.flush()).rejects.toMatchObject(gone);
    }
  });

  test('is changed and removed by no other, even where it is seen', async () => {
    const member = person(uma, { roles: [Role.MEMBER] });
    const em = as(member);
    const cart = await em.findOneOrFail(Cart, { id: theirs.cart });
    cart.tag = 'z';
    await expect(em.flush()).rejects.toMatchObject(owner);
    const removing = as(member);
    removing.remove(await removing.findOneOrFail(Cart, { id: theirs.cart }));
    await expect(removing.flush()).rejects.toMatchObject(owner);
    expect(await as(member).nativeUpdate(Cart, { id: theirs.cart }, { tag: 'z' })).toBe(0);
  });

  test('stays whose it is, but for the role that the decorator names', async () => {
    const make = umas();
    const { id } = make.create(Cart, { tag: 'g' });
    await make.flush();
    const give = async (viewer: Viewer) => {
      const em = as(viewer);
      em.assign(await em.findOneOrFail(Cart, { id }), { user: liam });
      await em.flush();
    };
    await expect(give(person(uma))).rejects.toMatchObject(owner);
    await expect(give(person(uma, { roles: [Role.SUPPORT] }))).rejects.toMatchObject(owner);
    await expect(umas().nativeUpdate(Cart, { id }, { user: liam })).rejects.toMatchObject(owner);
    await give(person(uma, { roles: [Role.ADMIN] }));
    expect(await umas().findOne(Cart, { id })).toBeNull();
  });

  test.each<[string, (em: EntityManager) => { tag: string }]>([
    ['merge', (em) => em.merge(Line, { id: theirs.line, tag: 'old', cart: theirs.cart })],
    ['map', (em) => em.map(Line, { id: theirs.line, tag: 'old', cart: theirs.cart })],
    [
      'create',
      (em) => em.create(Line, { id: theirs.line, tag: 'old' } as never, { managed: true }),
    ],
    ['merge, with an owner', (em) => em.merge(Cart, { id: theirs.cart, tag: 'old', user: uma })],
  ])('is changed by no other who claims to have it: %s', async (_way, claim) => {
    const em = umas();
    claim(em).tag = 'z';
    await expect(em.flush()).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  test("of one's own is changed without being loaded", async () => {
    const make = umas();
    const { id } = make.create(Cart, { tag: 'k' });
    await make.flush();
    const em = umas();
    em.merge(Cart, { id, tag: 'k', user: uma }).tag = 'l';
    await em.flush();
    expect((await umas().findOneOrFail(Cart, { id })).tag).toBe('l');
  });

  test("of one's own costs no statement more to change", async () => {
    const em = umas();
    em.create(Line, { tag: 'h', cart: em.create(Cart, { tag: 'h' }) });
    await em.flush();
    const changing = umas();
    const line = await changing.findOneOrFail(Line, { tag: 'h' });
    const before = database.statements.length;
    line.tag = 'i';
    await changing.flush();
    const sent = database.statements.slice(before).filter((sql) => /update|select/.test(sql));
    expect(sent).toHaveLength(1);
  });
});

test('the guard lets pass what the viewer has loaded themselves, and nothing else that is not theirs by its looks', async () => {
  const liams = person(liam);
  const own = as(liams);
  const line = await own.findOneOrFail(Line, { id: theirs.line });
  const all = withoutRowRules(own, 'a test shows what was not looked at');
  const unlooked = await all.findOneOrFail(Line, { id: theirs.line });
  const unloaded = as(liams).getReference(Line, theirs.line);
  const isOwn = (object: unknown, viewer: Viewer) => database.isOwn(object, viewer);
  expect(isOwn(line, liams)).toBe(true);
  expect(isOwn(line, person(uma))).toBe(false);
  expect(isOwn(line, person(liam))).toBe(false);
  expect(isOwn(unlooked, liams)).toBe(false);
  expect(isOwn(unloaded, liams)).toBe(false);
  const cart = await all.findOneOrFail(Cart, { id: theirs.cart });
  expect([isOwn(cart, liams), isOwn(cart, person(uma))]).toEqual([true, false]);
});

describe('what goes past the rules', () => {
  const past = /goes past the row rules: .+`withoutRowRules\(em, 'why'\)/;

  test.each<[string, (em: EntityManager) => Promise<unknown>]>([
    ['a filter that is off', (em) => em.find(Line, {}, { filters: false })],
    ['a filter that is off by name', (em) => em.count(Line, {}, { filters: { rows: false } })],
    [
      'a filter that is off for relations',
      (em) => em.find(Cart, {}, { populate: ['lines'], filters: false }),
    ],
    ['a result that is kept', (em) => em.find(Line, {}, { cache: 1000 })],
    ['insert', (em) => em.insert(Cart, { tag: 'z', user: liam })],
    ['insertMany', (em) => em.insertMany(Cart, [{ tag: 'z', user: liam }])],
    ['upsert', (em) => em.upsert(Cart, { id: theirs.cart, tag: 'z', user: uma })],
    ['upsertMany', (em) => em.upsertMany(Cart, [{ id: theirs.cart, tag: 'z', user: uma }])],
    ['clone', (em) => em.clone(Cart, { id: theirs.cart }, { user: uma })],
  ])('is refused: %s', async (_way, ask) => {
    await expect(ask(umas())).rejects.toThrow(past);
  });

  test("somebody else's eyes are refused", async () => {
    const em = umas();
    const eyes = { viewer: person(liam) };
    await expect(em.find(Line, {}, { filters: { rows: eyes } })).rejects.toThrow('has no viewer');
    await expect(database.orm.em.fork().find(Line, {})).rejects.toThrow(
      "Line is under a row rule, and this EntityManager has no viewer. Use the request's `context.em`, or `withoutRowRules(em, 'why')`",
    );
  });

  test('is said, with a reason, and stays in the transaction', async () => {
    expect(() => withoutRowRules(umas(), ' ')).toThrow('needs a reason');
    await umas().transactional(async (em) => {
      const own = em.create(Cart, { tag: 'j' });
      await em.flush();
      const all = withoutRowRules(em, 'a test looks at everything');
      expect(await all.count(Cart, { id: [own.id, theirs.cart] })).toBe(2);
      expect(await em.count(Cart, { id: [own.id, theirs.cart] })).toBe(1);
    });
  });
});
