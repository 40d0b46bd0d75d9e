import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Identity } from '../../../src/directory/index.js';
import { type Client, startApi, type TestApi } from '../../support/api.js';
import { everybody, fillDirectory } from './directory.js';

let api: TestApi;
let ada: Client;

beforeAll(async () => {
  api = await startApi();
  ada = await api.as('ada@example.com');
  await ada.execute('{ me { id } }');
  const person = {
    createdAt: new Date(),
    lastSeenAt: null,
    status: 'UNCONFIRMED',
    enabled: true,
    poolModifiedAt: new Date(),
    groups: null,
  } as const;
  const emails = ['Pair@example.com', 'pair@EXAMPLE.com', 'zoé@example.com', 'zoe@example.com'];
  const many = Array.from({ length: 40 }, () => 'many@example.com');
  await fillDirectory(
    api,
    [...emails, ...many].map((email, index) => ({
      ...person,
      attributes: { email, phone_number: `+35190000${1000 + Math.floor(index / 2)}` },
    })),
  );
});
afterAll(() => api.close());

const query = /* GraphQL */ `query ($by: DuplicateField, $first: Int, $after: String) {
  duplicates(by: $by, first: $first, after: $after) {
    nodes { value count accounts { username emailVerified poolId } }
    edges { cursor }
    pageInfo { hasNextPage hasPreviousPage endCursor }
  }
}`;

test('accounts that share an e-mail address, those that verified it first, at most 25', async () => {
  const { data, errors } = await ada.execute(query);
  expect(errors).toBeUndefined();
  const { nodes, pageInfo } = data.duplicates;
  expect(nodes.map(({ value, count }: { value: string; count: number }) => [value, count])).toEqual(
    [
      ['many@example.com', 40],
      ['pair@example.com', 2],
      ['twin@example.com', 3],
    ],
  );
  expect(nodes[0].accounts).toHaveLength(25);
  expect(nodes[2].accounts[0]).toEqual({
    username: 'twin-confirmed',
    emailVerified: true,
    poolId: api.poolId,
  });
  expect(nodes[2].accounts.slice(1)).toMatchObject([
    { emailVerified: false },
    { emailVerified: false },
  ]);
  expect(pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: false });
});

test('the pages of phone numbers are the whole list, each number once', async () => {
  const expected = Map.groupBy(
    (await everybody(api)).filter(({ attributes }) => attributes.phone_number),
    ({ attributes }) => attributes.phone_number,
  );
  const shared = [...expected].filter(([, people]) => people.length > 1).map(([number]) => number);
  const seen: string[] = [];
  let after: string | null = null;
  do {
    const { data } = await ada.execute(query, { by: 'PHONE_NUMBER', first: 5, after });
    seen.push(...data.duplicates.nodes.map(({ value }: { value: string }) => value));
    const { hasNextPage, endCursor } = data.duplicates.pageInfo;
    after = hasNextPage ? endCursor : null;
  } while (after !== null);
  expect(seen).toEqual(shared.toSorted());
});

test('one statement for the values, one for their accounts, one for what was never read; no pool call', async () => {
  const { sql, pool } = await api.count(() => ada.execute(query));
  expect(sql).toHaveLength(3);
  expect(pool).toEqual({});
});

test('accounts that are deleted do not count', async () => {
  const em = api.server.app.orm.em.fork();
  await em.nativeUpdate(Identity, { username: 'Person-1' }, { deletedAt: new Date() });
  const { data } = await ada.execute(query);
  expect(data.duplicates.nodes.map(({ value }: { value: string }) => value)).not.toContain(
    'pair@example.com',
  );
});

test.each([
  [{ first: 101 }, 'page_size'],
  [{ after: 'made-up' }, 'cursor'],
])('%j is BAD_USER_INPUT', async (variables, reason) => {
  const { errors } = await ada.execute(query, variables);
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', reason } }]);
});

test('a cursor of the other comparison is none of this list', async () => {
  const { data } = await ada.execute(query, { first: 1 });
  const after = data.duplicates.pageInfo.endCursor;
  const { errors } = await ada.execute(query, { by: 'PHONE_NUMBER', after });
  expect(errors).toMatchObject([{ extensions: { reason: 'cursor' } }]);
});
