import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sightingsOf } from '../../../src/directory/index.js';
import { type Client, startApi, type TestApi } from '../../support/api.js';
import { everybody, fillDirectory } from './directory.js';
import { type Filter, naiveList, type Order } from './naive.js';
import { type Person, somePeople } from './people.js';

let api: TestApi;
let ada: Client;
let people: readonly Person[];

beforeAll(async () => {
  api = await startApi({ environment: { LIMIT_REQUESTS: '1000000' } });
  ada = await api.as('ada@example.com');
  await ada.execute('{ me { id } }');
  await sightingsOf(api.server.app).flush();
  await fillDirectory(api, somePeople(150));
  people = await everybody(api);
});
afterAll(() => api.close());

const page = /* GraphQL */ `
  query ($first: Int, $after: String, $last: Int, $before: String, $filter: UserFilter, $orderBy: UserOrder) {
    users(first: $first, after: $after, last: $last, before: $before, filter: $filter, orderBy: $orderBy) {
      nodes { id }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
      totalCount
    }
  }
`;

interface Wanted {
  readonly filter: Filter;
  readonly orderBy: Order;
  readonly size: number;
}

/** The whole list by its pages, in either way of paging, with what each page said of its count. */
async function paged({ filter, orderBy, size }: Wanted, way: 'forwards' | 'backwards') {
  const ids: string[] = [];
  const counts = new Set<number>();
  let cursor: string | null = null;
  do {
    const variables =
      way === 'forwards' ? { first: size, after: cursor } : { last: size, before: cursor };
    const { data, errors } = await ada.execute(page, { filter, orderBy, ...variables });
    expect(errors).toBeUndefined();
    const { nodes, pageInfo, totalCount } = data.users;
    const found: string[] = nodes.map(({ id }: { id: string }) => id);
    if (way === 'forwards') ids.push(...found);
    else ids.unshift(...found);
    counts.add(totalCount);
    const more = way === 'forwards' ? pageInfo.hasNextPage : pageInfo.hasPreviousPage;
    expect(way === 'forwards' ? pageInfo.hasPreviousPage : pageInfo.hasNextPage).toBe(
      cursor !== null,
    );
    const next: string | null = way === 'forwards' ? pageInfo.endCursor : pageInfo.startCursor;
    cursor = more ? next : null;
  } while (cursor !== null);
  return { ids, counts: [...counts] };
}

const orders = fc.record<Order>({
  field: fc.constantFrom('CREATED_AT', 'NAME', 'EMAIL', 'LAST_SEEN_AT', 'POOL_MODIFIED_AT'),
  direction: fc.constantFrom('ASC', 'DESC'),
});
const terms = fc.constantFrom(
  ...['jose', 'JOSÉ', 'nun', 'żół', 'straße', 'strasse', 'देस', '王小明', '🐙 i', '100%', 'r\\s'],
  ...['_un', "o'b", '"q"', 'ann', 'example', '@example.org', 'PERSON-1', '35121', 'n\n', 'e n'],
);
const days = (month: number) =>
  fc
    .integer({ min: 0, max: 7 })
    .map((day) => new Date(Date.UTC(2026, month, 1 + day)).toISOString());
const filters: fc.Arbitrary<Filter> = fc.record(
  {
    search: terms,
    name: terms,
    email: fc.constantFrom('a@EXAMPLE.com', 'josé@example.com', 'jose@example.com', 'none'),
    emailVerified: fc.boolean(),
    phoneNumber: fc.constantFrom('+351210000001', '+351'),
    username: fc.constantFrom('person-7', 'ADA', 'person'),
    group: fc.constantFrom('admin', 'Blue, "quoted"', 'b\\ack', '{}', 'null', '王', 'Admin'),
    status: fc.constantFrom('CONFIRMED', 'UNCONFIRMED', 'ARCHIVED'),
    enabled: fc.boolean(),
    createdAfter: days(0),
    createdBefore: days(0),
    lastSeenAfter: days(1),
    lastSeenBefore: days(1),
  },
  { requiredKeys: [] },
);
/** Of many filters at once nobody is left: mostly one or two. */
const someFilter = fc
  .tuple(filters, fc.integer({ min: 0, max: 2 }), fc.nat())
  .map(([filter, count, from]): Filter => {
    const entries = Object.entries(filter);
    const start = entries.length === 0 ? 0 : from % entries.length;
    return Object.fromEntries([...entries.slice(start), ...entries].slice(0, count));
  });

const trimmed = (filter: Filter) =>
  (filter.search ?? '').trim().length >= 3 || filter.search === undefined;

test('any filter in any order, paged in either way, is what a plain evaluation gives', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({ filter: someFilter, orderBy: orders, size: fc.integer({ min: 15, max: 100 }) }),
      async (wanted) => {
        fc.pre(trimmed(wanted.filter) && trimmed({ search: wanted.filter.name ?? 'xxx' }));
        const expected = naiveList(people, wanted.filter, wanted.orderBy);
        const forwards = await paged(wanted, 'forwards');
        expect(forwards.ids).toEqual(expected);
        expect(forwards.counts).toEqual([expected.length]);
        expect((await paged(wanted, 'backwards')).ids).toEqual(expected);
      },
    ),
    // Each run is dozens of requests: a smaller counterexample is not worth thousands of them.
    { numRuns: 60, endOnFailure: true },
  );
});

describe.each(['CREATED_AT', 'NAME', 'EMAIL', 'LAST_SEEN_AT', 'POOL_MODIFIED_AT'] as const)(
  'ordered by %s',
  (field) => {
    test.each(['ASC', 'DESC'] as const)(
      '%s, in small pages, filtered and not',
      async (direction) => {
        const orderBy = { field, direction };
        for (const filter of [{}, { enabled: true }, { search: 'ann' }]) {
          const expected = naiveList(people, filter, orderBy);
          expect(expected.length).toBeGreaterThan(10);
          for (const way of ['forwards', 'backwards'] as const)
            expect((await paged({ filter, orderBy, size: 29 }, way)).ids).toEqual(expected);
        }
      },
    );
  },
);

describe('a page costs', () => {
  const list = /* GraphQL */ `query ($filter: UserFilter, $orderBy: UserOrder) {
    users(first: 20, filter: $filter, orderBy: $orderBy) { nodes { id profile { name } account { email } } }
  }`;
  const [PAGE, MIRROR, UNREAD] = [1, 1, 1];

  test.each([
    ['nothing beside what it always does', {}, PAGE + MIRROR],
    [
      'one statement to see what was never read',
      { filter: { search: 'example' } },
      PAGE + MIRROR + UNREAD,
    ],
    ['the same in another order', { orderBy: { field: 'EMAIL' } }, PAGE + MIRROR + UNREAD],
    [
      'none for what the directory knows by itself',
      { filter: { createdAfter: '2025-12-31T00:00:00Z' } },
      PAGE + MIRROR,
    ],
  ])('%s, and no pool call', async (_what, variables, statements) => {
    await ada.execute(list, variables);
    const { sql, pool } = await api.count(async () => {
      const { data } = await ada.execute(list, variables);
      expect(data.users.nodes).toHaveLength(20);
    });
    expect(sql).toHaveLength(statements);
    expect(pool).toEqual({});
  });
});

describe('a term that', () => {
  test.each([
    [
      'is too short',
      { search: 'ab' },
      'The filter `search` must be 3 to 100 characters; it has 2.',
    ],
    ['is of spaces', { search: '      ' }, 'it has 0.'],
    ['is of combining marks', { name: '\u0301\u0302\u0303\u0304' }, 'The filter `name` must be'],
    ['is of controls', { search: '\u0000\u0001\u0002\u0003' }, 'it has 0.'],
    ['is too long', { search: 'x'.repeat(101) }, 'it has more.'],
    ['is far too long', { search: 'x'.repeat(1_000) }, 'it has more.'],
    ['is an empty address', { email: ' ' }, 'The filter `email` is empty.'],
    ['is a group with NUL', { group: 'ad\u0000min' }, 'The filter `group` is no name of a group.'],
    ['is half a character', { group: '\ud800' }, 'The filter `group` is no name of a group.'],
  ])('%s is BAD_USER_INPUT that says so', async (_fault, filter, message) => {
    const { status, errors } = await ada.execute(page, { filter });
    expect(status).toBe(400);
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
    expect(errors?.[0]?.message).toContain(message);
  });

  test.each([
    '%%%',
    '___',
    '\\\\\\',
    "'; drop table app_user; --",
    '$1 $2 ?',
    'abc\u0000def',
    '(?:[',
  ])('is hostile, such as %j, is looked for like any other', async (search) => {
    const { data, errors } = await ada.execute(page, { filter: { search } });
    expect(errors).toBeUndefined();
    expect(data.users).toMatchObject({ nodes: [], totalCount: 0 });
  });
});

test('a cursor is of its filter and order, and shows nothing of a position', async () => {
  const orderBy = { field: 'EMAIL', direction: 'ASC' };
  const { data } = await ada.execute(page, { first: 1, orderBy, filter: { enabled: true } });
  const { endCursor } = data.users.pageInfo;
  expect(Buffer.from(endCursor, 'base64url').toString('latin1')).not.toContain('example');
  for (const other of [{ filter: { enabled: false }, orderBy }, { filter: { enabled: true } }]) {
    const { errors } = await ada.execute(page, { first: 1, after: endCursor, ...other });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', reason: 'cursor' } }]);
  }
});

test('what was never read is said where a list depends on it', async () => {
  const warned = async (variables: object) => {
    const { extensions } = await ada.execute(page, { first: 1, ...variables });
    return extensions?.warnings ?? [];
  };
  const incomplete = [expect.objectContaining({ code: 'FILTER_INCOMPLETE' })];
  expect(await warned({ filter: { search: 'jose' } })).toEqual([]);
  // A walk through the pool tells no groups.
  expect(await warned({ filter: { group: 'admin' } })).toEqual(incomplete);
  await api.server.app.orm.em
    .fork()
    .execute("delete from pool_profile where username_key = 'person-3'");
  expect(await warned({ filter: { search: 'jose' } })).toEqual(incomplete);
  expect(await warned({ orderBy: { field: 'NAME' } })).toEqual(incomplete);
  expect(await warned({ filter: { createdAfter: '2020-01-01T00:00:00Z' } })).toEqual([]);
  expect(await warned({})).toEqual([]);
});
