import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { apiSchema } from '../src/app.js';
import { readConfig } from '../src/config.js';
import { withoutRowRules } from '../src/database/row-view.js';
import { SWEEP } from '../src/directory/index.js';
import { AuditEvent } from '../src/features/audit-log/audit-event.entity.js';
import { features } from '../src/features.js';
import { type AccessRow, accessMatrix } from '../src/graphql/access-matrix.js';
import { Order, OrderStatus, Product } from './planted/orders.js';
import { orders } from './planted/orders.resolver.js';
import { teams } from './planted/teams.js';
import { startApi, type TestApi } from './support/api.js';
import { Document } from './support/document.js';
import { executeAccessMatrix } from './support/execute-access-matrix.js';
import { MatrixViewers, probedPeople } from './support/matrix-viewers.js';
import { ProbedRows } from './support/probed-rows.js';
import { Probes } from './support/probes.js';

let api: TestApi;
beforeAll(async () => {
  api = await startApi({
    features: [...features, orders, teams],
    environment: { ROLE_GROUPS: 'ADMIN:admin,SUPPORT:support,MEMBER:member' },
  });
});
afterAll(() => api.close());

test('every example of docs/testing.md is of this file', async () => {
  const page = await Document.read('docs/testing.md');
  expect(page.blocks.filter(({ language }) => language === 'ts').length).toBeGreaterThan(8);
  expect(await page.strangeTo('ts', 'test/harness.postgresql.test.ts')).toEqual([]);
});

const whoAmI = '{ viewer { kind roles groups scopes } }';

describe('people', () => {
  test('are in the groups that a test asks for, the same person each time', async () => {
    const packer = await api.as({ groups: ['packers', 'support'] });
    expect((await packer.execute(whoAmI)).data.viewer).toEqual({
      kind: 'USER',
      roles: ['SUPPORT'],
      groups: ['packers', 'support'],
      scopes: ['aws.cognito.signin.user.admin'],
    });
    expect((await api.as({ groups: ['support', 'packers'] })).id).toBe(packer.id);
    expect((await api.as({ groups: ['packers'] })).id).not.toBe(packer.id);
    expect((await api.as({})).id).not.toBe(packer.id);
  });

  test('have the scopes that a test asks for, of resource servers that are made for it', async () => {
    const scopes = ['orders/read', 'orders/write', 'openid'];
    const buyer = await api.as({ scopes });
    expect(buyer.id).toBe((await api.as({})).id);
    const { data } = await buyer.execute(whoAmI);
    expect([...data.viewer.scopes].sort()).toEqual([...scopes].sort());
    const again = await api.as({ scopes: ['orders/refund', 'orders/read'] });
    expect((await again.execute(whoAmI)).data.viewer.scopes).toEqual([
      'orders/refund',
      'orders/read',
    ]);
  });

  test('are made anew where a test has taken the one of before away', async () => {
    const packer = await api.as({ groups: ['packers'] });
    const admin = await api.as({ groups: ['admin'] });
    const { errors } = await admin.execute(
      'mutation ($input: DisableUserInput!) { disableUser(input: $input) { user { id } } }',
      { input: { id: packer.id, reason: 'left' } },
    );
    expect(errors).toBeUndefined();
    const other = await api.as({ groups: ['packers'] });
    expect(other.id).not.toBe(packer.id);
    expect((await other.execute(whoAmI)).data.viewer.groups).toEqual(['packers']);
  });

  test('are new where a test wants to change them', async () => {
    const [uma, ida] = [await api.person({ name: 'Uma' }), await api.person({ groups: ['admin'] })];
    const { data } = await ida.execute('query ($id: ID!) { user(id: $id) { profile { name } } }', {
      id: uma.id,
    });
    expect(data.user.profile.name).toBe('Uma');
    expect(ida.id).not.toBe((await api.as({ groups: ['admin'] })).id);
  });

  test('a machine client has the scopes that a test asks for', async () => {
    const client = await api.asClient({ scopes: ['orders/read'] });
    expect((await client.execute(whoAmI)).data.viewer).toEqual({
      kind: 'CLIENT',
      roles: [],
      groups: [],
      scopes: ['orders/read'],
    });
  });
});

describe('rows', () => {
  test('belong to whom the test says, and have what it says', async () => {
    const uma = await api.person({ name: 'Uma' });
    const order = await api.row(Order, { owner: uma, total: '12.50' });
    const { data } = await uma.execute(
      'query ($id: ID!) { order(id: $id) { total status note product { sku } } }',
      { id: order.id },
    );
    expect(data.order).toEqual({
      total: '12.50',
      status: 'OPEN',
      note: null,
      product: { sku: expect.stringContaining('sku') },
    });
  });

  test('take other rows, and make those that they need', async () => {
    const product = await api.row(Product, { sku: 'PEN' });
    const [first, second] = [await api.row(Order, { product }), await api.row(Order)];
    expect(first.product.id).toBe(product.id);
    expect(second.product.id).not.toBe(product.id);
    expect(second.customer.id).not.toBe(first.customer.id);
  });

  test('have a value in every column where a test wants that', async () => {
    const order = await api.row(Order, { status: OrderStatus.SHIPPED }, 'every');
    expect(order).toMatchObject({
      status: OrderStatus.SHIPPED,
      note: expect.stringContaining('note'),
      shippedAt: expect.any(Date),
    });
  });

  test('of every entity can be made', async () => {
    const event = await api.row(AuditEvent, {}, 'every');
    expect(event.requestId).not.toBeNull();
  });

  test('that cannot be made say what they lack', async () => {
    await api.row(Product, { sku: 'ONCE' });
    await expect(api.row(Product, { sku: 'ONCE' })).rejects.toThrow(
      /^No row of Product was kept: /,
    );
    // @ts-expect-error: there is no such property
    await expect(api.row(Product, { price: 1 })).rejects.toThrow('Product has no price.');
  });

  test('are no statements of what is counted', async () => {
    const { sql } = await api.count(() => api.row(Order));
    expect(sql).toEqual([]);
  });
});

describe('a resolver that loads in a loop', () => {
  const list = '{ orders(first: 10) { nodes { id product { sku } } } }';

  test('fails the test that asks it, which says how to mend it', async () => {
    const uma = await api.person();
    for (let rows = 0; rows < 3; rows++) await api.row(Order, { owner: uma });
    expect((await uma.execute(list)).data.orders.nodes).toHaveLength(3);
    await api.row(Order, { owner: uma });
    const failure: unknown = await uma.execute(list).catch((error: unknown) => error);
    expect(String(failure)).toContain('the same statement 4 times');
    expect(String(failure)).toContain('from "planted_product"');
    expect(String(failure)).toContain(list);
    expect(String(failure)).toContain('DataLoader');
    const byHand = uma.execute('{ orders(first: 10) { nodes { sku } } }');
    await expect(byHand).rejects.toThrow('select sku from planted_product');
  });

  test('is let pass for a reason', async () => {
    const uma = await api.person();
    for (let rows = 0; rows < 4; rows++) await api.row(Order, { owner: uma });
    const { data } = await api.allowingRepeats('to see it go on', () => uma.execute(list));
    expect(data.orders.nodes).toHaveLength(4);
    await expect(api.allowingRepeats(' ', () => uma.execute(list))).rejects.toThrow('Say why');
  });

  test('is told apart from what others ask at the same time, and from work behind answers', async () => {
    const buyers = await Promise.all(Array.from({ length: 5 }, () => api.person()));
    for (const owner of buyers) await api.row(Order, { owner });
    const answers = await Promise.all(buyers.map((buyer) => buyer.execute(list)));
    expect(answers.map(({ data }) => data.orders.nodes.length)).toEqual([1, 1, 1, 1, 1]);
    const [buyer] = buyers;
    const { sql } = await api.count(async () => {
      expect(await buyer?.execute('{ stocktaking }')).toMatchObject({
        data: { stocktaking: true },
      });
    });
    expect(sql.filter((text) => text.includes('planted_product')).length).toBeGreaterThan(3);
  });
});

describe('time', () => {
  /** Walks through the pool that are due; there is one an hour. */
  const dueWalks = () =>
    withoutRowRules(api.server.app.orm.em, 'a look at the jobs').execute<object[]>(
      'select key from job where kind = ? and run_at <= now()',
      [SWEEP],
    );

  test('goes on from where a test sets it: tokens are over, rows get that moment', async () => {
    const uma = await api.person();
    const tomorrow = new Date(Date.now() + 86_400_000);
    await api.at(tomorrow, async () => {
      const { status, errors } = await uma.execute('{ me { id } }');
      expect([status, errors?.[0]?.extensions?.reason]).toEqual([401, 'expired']);
      const order = await api.row(Order, { owner: uma });
      expect(order.createdAt.getTime() - tomorrow.getTime()).toBeLessThan(60_000);
      expect(order.createdAt.getTime()).toBeGreaterThanOrEqual(tomorrow.getTime());
      expect(await dueWalks()).toEqual([]);
      const ida = await api.as({});
      expect((await ida.execute('{ me { id } }')).errors).toBeUndefined();
      const before = Date.now();
      await sleep(100);
      expect(Date.now()).toBeGreaterThan(before);
    });
    expect((await uma.execute('{ me { id } }')).data.me.id).toBe(uma.id);
  });
});

describe('the access matrix of an entity that was just added', () => {
  const schema = apiSchema(readConfig({}), [...features, orders, teams]);
  const matrix = accessMatrix(schema);

  async function observed(rows: readonly AccessRow[]) {
    const people = await probedPeople(api);
    const viewers = new MatrixViewers(api, schema, people);
    const probes = new Probes({ schema, matrix, rows: new ProbedRows(api, schema, people) });
    return executeAccessMatrix({
      schema,
      rows,
      probe: (row, viewerClass) => probes.of(row, viewerClass),
      execute: (viewerClass, request) => viewers.execute(viewerClass, request),
    });
  }

  test('is executed without a word about it: rows, inputs and operations are made of the schema', async () => {
    const rows = matrix.filter(
      ({ coordinate }) =>
        /order(?!by)|product/i.test(coordinate) && !/AnyOrder|UserOrder/.test(coordinate),
    );
    expect(rows.map(({ coordinate }) => coordinate)).toEqual(
      expect.arrayContaining([
        'Mutation.createOrder',
        'Mutation.deleteOrder',
        'Mutation.updateOrder',
        'Query.order',
        'Query.orders',
        'Order.note',
        'Order.product',
        'OrderConnection.totalCount',
        'Product.cost',
        'UpdateOrderInput.status',
      ]),
    );
    expect(await observed(rows)).toEqual(rows);
    const cells = (name: string) => rows.find(({ coordinate }) => coordinate === name)?.access;
    expect(cells('Query.order')).toMatchObject({ person: 'own', owner: 'yes', SUPPORT: 'yes' });
    expect(cells('Order.total')).toMatchObject({ person: 'no', owner: 'yes', SUPPORT: 'yes' });
  });

  test('is executed with organisations that the viewer is a member of, and others', async () => {
    const rows = matrix.filter(({ coordinate }) => /board/i.test(coordinate));
    const cells = (name: string) => rows.find(({ coordinate }) => coordinate === name)?.access;
    expect(cells('Query.boards')).toMatchObject({ person: 'own', SUPPORT: 'yes' });
    expect(cells('Board.title')).toMatchObject({ person: 'no', owner: 'yes', SUPPORT: 'yes' });
    expect(cells('Mutation.createBoard')).toBeDefined();
    expect(await observed(rows)).toEqual(rows);
  });

  test.each(['Mutation.shipAnyOrder', 'Mutation.dropAnyOrder'])(
    '%s, which forgets whose a row is, does not pass',
    async (name) => {
      const rows = matrix.filter(({ coordinate }) => coordinate === name);
      await expect(observed(rows)).rejects.toThrow(
        `${name} as person: Error: It gave away or changed somebody else's row.`,
      );
    },
  );
});
