import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { features } from '../../src/features.js';
import {
  Membership,
  Order,
  OrderItem,
  Organisation,
  Project,
  rowRules,
} from '../planted/row-rules.js';
import { startApi, type TestApi } from '../support/api.js';
import type { Client } from '../support/client.js';
import { Document } from '../support/document.js';
import type { Person } from '../support/people.js';

const scopes = ['orders/read'];

let api: TestApi;
let uma: Person;
let other: Person;
let own: Order;
let others: Order;

beforeAll(async () => {
  api = await startApi({ features: [...features, rowRules] });
  uma = await api.as({ groups: ['customers'], scopes });
  other = await api.as({ groups: ['customers', 'guests'], scopes });
  others = await api.row(Order, { owner: other });
  own = await api.row(Order, { owner: uma });
  for (const order of [own, others]) await api.row(OrderItem, { order });
});
afterAll(() => api?.close());

test('every example of docs/row-rules.md is of code that runs', async () => {
  const page = await Document.read('docs/row-rules.md');
  expect(page.blocks.filter(({ language }) => language === 'ts').length).toBeGreaterThan(4);
  expect(await page.strangeTo('ts', 'test/planted/row-rules.ts')).toEqual([]);
  const faults = 'test/graphql/authorization/rows/row-faults.unit.test.ts';
  expect(await page.strangeTo('text', faults)).toEqual([]);
});

test.each<[string, () => Promise<Client>, () => Order[]]>([
  [
    'whom the rule lets pass by a role',
    () => api.as({ groups: ['support'], scopes }),
    () => [own, others],
  ],
  ['a machine client by a scope', () => api.asClient({ scopes }), () => [own, others]],
  ['a person, their own', async () => uma, () => [own]],
  ['a person without any', () => api.as({ groups: ['guests'], scopes }), () => []],
  ['an owner without the scope', () => api.as({ groups: ['customers'] }), () => []],
])('the table is true of %s', async (_, viewer, seen) => {
  const client = await viewer();
  const { data } = await client.execute('{ orders { nodes { id } } }');
  const ids = seen().map(({ id }) => ({ id }));
  expect(data.orders.nodes).toEqual(ids);
});

test("another's row is not found, and neither is what hangs on it", async () => {
  const query = 'query ($id: ID!) { order(id: $id) { id } items late }';
  const { data, errors } = await uma.execute(query, { id: others.id });
  expect(data).toBeNull();
  expect(errors?.[0]?.extensions?.code).toBe('NOT_FOUND');
  expect((await uma.execute(query, { id: own.id })).data).toEqual({
    order: { id: own.id },
    // The one is under the rule, the other says why it is not.
    items: 1,
    late: 2,
  });
});

test('an organisation and its projects are seen by its people', async () => {
  const organisation = await api.row(Organisation);
  await api.row(Membership, { organisation, user: uma });
  const { id } = await api.row(Project, { organisation });
  await api.row(Project);
  const query = '{ organisations { id } projects { id } }';
  expect((await uma.execute(query)).data).toEqual({
    organisations: [{ id: organisation.id }],
    projects: [{ id }],
  });
  expect((await other.execute(query)).data).toEqual({ organisations: [], projects: [] });
});
