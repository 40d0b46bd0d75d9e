import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { features } from '../src/features.js';
import { orders } from './planted/orders.resolver.js';
import { startApi, type TestApi } from './support/api.js';

let api: TestApi;
beforeAll(async () => {
  api = await startApi({ features: [...features, orders] });
});
afterAll(() => api.close());

test('a server with a feature more has its operations and its tables', async () => {
  const uma = await api.as('uma@example.com');
  const { data, errors } = await uma.execute('{ orders { nodes { id } } }');
  expect(errors).toBeUndefined();
  expect(data.orders.nodes).toEqual([]);
});
