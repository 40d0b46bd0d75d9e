import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { removeRow } from '../../../src/database/remove-row.js';
import { withoutRowRules } from '../../../src/database/row-view.js';
import { features } from '../../../src/features.js';
import { type Client, startApi, type TestApi } from '../../support/api.js';
import { Book, Chapter, Shelf, Topic } from './library.js';
import { library } from './library.resolver.js';

const SHELVES = 100;

interface PlainBook {
  readonly id: string;
  readonly reader: string;
  readonly shelf: number;
  readonly pages: number;
  readonly rating: number | null;
  readonly createdAt: string;
  readonly chapters: readonly string[];
}

let api: TestApi;
let ada: Client;
let sam: Client;
let uma: Client;
let umaId: string;
let books: PlainBook[];

beforeAll(async () => {
  api = await startApi({
    features: [...features, library],
    environment: { LIMIT_COST: '9000', LIMIT_DEPTH: '20' },
  });
  ada = await api.as('ada@example.com');
  // Whose own row, which the request has, is nobody's reader.
  sam = await api.as('sam@example.com');
  await idOf(sam);
  uma = await api.as('uma@example.com');
  umaId = await idOf(uma);
  books = await plant([await idOf(ada), umaId]);
});
afterAll(() => api.close());

async function idOf(client: Client): Promise<string> {
  return (await client.execute('{ me { id } }')).data.me.id;
}

/** Shelves of up to five books of up to two chapters; ratings and times that tie, and books without a rating. */
async function plant(readers: readonly string[]): Promise<PlainBook[]> {
  const em = withoutRowRules(api.server.app.orm.em, 'plants the books of several people');
  const planted: PlainBook[] = [];
  const topics = [em.create(Topic, {}), em.create(Topic, {})];
  let previous: Book | undefined;
  for (let number = 0; number < SHELVES; number++) {
    const shelf = em.create(Shelf, { number });
    for (let place = 0; place < (number * 7 + 3) % 6; place++) {
      const rating = [1, null, 2, 1, null][(number + place) % 5] ?? null;
      const reader = readers[(number + place) % readers.length] ?? '';
      const createdAt = new Date(Date.UTC(2026, 0, 1 + ((number * place) % 3)));
      const pages = ((number * 31 + place * 17) % 9) * 50;
      const book = em.create(Book, { shelf, reader, rating, pages, createdAt });
      book.topics.set(topics.slice(place % 3));
      if (previous) previous.sequel = book as never;
      const chapters = Array.from({ length: (number + place + 1) % 3 }, () =>
        em.create(Chapter, { book, about: previous ?? book }),
      );
      previous = book;
      planted.push({
        id: book.id,
        reader,
        shelf: number,
        pages,
        rating,
        createdAt: createdAt.toISOString(),
        chapters: chapters.map(({ id }) => id),
      });
    }
  }
  await em.flush();
  return planted;
}

/** What the list ought to be, worked out the plain way. */
function naive(shelf: number, { by, direction }: BookOrder, minPages = 0): PlainBook[] {
  const sign = direction === 'asc' ? 1 : -1;
  return books
    .filter((book) => book.shelf === shelf && book.pages >= minPages)
    .sort((a, b) => {
      const [one, other] = [a[by], b[by]];
      if ((one === null) !== (other === null)) return one === null ? 1 : -1;
      if (one !== other && one !== null && other !== null) return one < other ? -sign : sign;
      return a.id < b.id ? -sign : sign;
    });
}

interface BookOrder {
  readonly by: 'pages' | 'rating' | 'createdAt' | 'id';
  readonly direction: 'asc' | 'desc';
}

const BY_ID: BookOrder = { by: 'id', direction: 'asc' };

const idsOf = (rows: readonly { readonly id: string }[]) => rows.map(({ id }) => id);

describe('the number of statements', () => {
  const twoLevels = (page: string, of: string) => /* GraphQL */ `{
    shelves(first: ${of}) {
      nodes {
        books(${page}) {
          totalCount
          pageInfo { hasNextPage hasPreviousPage }
          nodes { id chapters(${page}) { totalCount nodes { id book { shelf { number } } } } }
        }
      }
    }
  }`;

  test.each(['first: 2', 'last: 2'])(
    'of pages with %s is the same for 1, 20 and 100 parents, two levels deep',
    async (page) => {
      const counts = [];
      for (const parents of ['1', '20', '100']) {
        const { sql } = await api.count(async () => {
          const { errors } = await sam.execute(twoLevels(page, parents));
          expect(errors).toBeUndefined();
        });
        counts.push(sql.length);
      }
      // Shelves, books, chapters, and the numbers of books and of chapters.
      expect(counts).toEqual([5, 5, 5]);
    },
  );

  test.each([
    // Chapters, books, shelves, readers, and the topics.
    [
      'one',
      'chapters(first: N) { nodes { topicCount book { shelf { number } reader { id } } } }',
      5,
    ],
    ['many', 'shelves(first: N) { nodes { everyBook { topics { id } reader { id } } } }', 4],
  ])('of relations to %s is the same for 1, 20 and 100 parents', async (_, query, expected) => {
    const counts = [];
    for (const parents of ['1', '20', '100']) {
      const { sql } = await api.count(async () => {
        const { errors } = await sam.execute(`{ ${query.replace('N', parents)} }`);
        expect(errors).toBeUndefined();
      });
      counts.push(sql.length);
    }
    expect(counts).toEqual([expected, expected, expected]);
  });

  test('of pages that are asked differently is one for each way', async () => {
    const { sql } = await api.count(() =>
      sam.execute(/* GraphQL */ `{
        shelves(first: 50) {
          nodes { a: books(first: 1) { nodes { id } } b: books(last: 1) { nodes { id } } }
        }
      }`),
    );
    expect(sql.length).toBe(3);
  });

  test('without `totalCount` has none for counting', async () => {
    const { sql } = await api.count(() =>
      sam.execute('{ shelves(first: 50) { nodes { books { nodes { id } } } } }'),
    );
    expect(sql.filter((statement) => statement.includes('count(*) as cnt'))).toEqual([]);
  });
});

describe('pages of relations', () => {
  const pages = /* GraphQL */ `
    query ($first: Int, $after: String, $last: Int, $before: String, $orderBy: BookOrder, $minPages: Int) {
      shelves(first: 100) {
        nodes {
          number
          books(
            first: $first, after: $after, last: $last, before: $before, orderBy: $orderBy, minPages: $minPages
          ) {
            totalCount
            edges { cursor node { id } }
            pageInfo { hasNextPage hasPreviousPage }
          }
        }
      }
    }
  `;

  const order = fc.record({
    by: fc.constantFrom('pages' as const, 'rating' as const, 'createdAt' as const),
    direction: fc.constantFrom('asc' as const, 'desc' as const),
  });

  test('are what a plain evaluation says, for every parent at once', async () => {
    await fc.assert(
      fc.asyncProperty(
        order,
        fc.integer({ min: 0, max: 6 }),
        fc.boolean(),
        fc.option(fc.constantFrom(100, 250, 400), { nil: undefined }),
        async (orderBy, size, backward, minPages) => {
          const way = backward ? { last: size } : { first: size };
          const { data, errors } = await ada.execute(pages, { ...way, orderBy, minPages });
          expect(errors).toBeUndefined();
          for (const { number, books: page } of data.shelves.nodes) {
            const all = idsOf(naive(number, orderBy, minPages));
            const expected = backward
              ? all.slice(Math.max(0, all.length - size))
              : all.slice(0, size);
            expect(page.edges.map(({ node }: { node: { id: string } }) => node.id)).toEqual(
              expected,
            );
            expect(page.totalCount).toBe(all.length);
            expect(page.pageInfo).toEqual({
              hasNextPage: !backward && all.length > size,
              hasPreviousPage: backward && all.length > size,
            });
          }
        },
      ),
      { numRuns: 15 },
    );
  });

  const one = /* GraphQL */ `
    query ($id: ID!, $first: Int, $after: String, $last: Int, $before: String, $orderBy: BookOrder) {
      node(id: $id) {
        ... on Shelf {
          books(first: $first, after: $after, last: $last, before: $before, orderBy: $orderBy) {
            nodes { id }
            pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
          }
        }
      }
    }
  `;

  async function shelf(number: number): Promise<string> {
    const { data } = await ada.execute('{ shelves(first: 100) { nodes { id number } } }');
    return data.shelves.nodes.find((node: { number: number }) => node.number === number).id;
  }

  test('go on by their cursors, forwards and backwards, through ties and rows without a value', async () => {
    const number = 5;
    expect(naive(number, BY_ID).length).toBeGreaterThan(1);
    const id = await shelf(number);
    await fc.assert(
      fc.asyncProperty(order, fc.constantFrom(1, 2, 3), async (orderBy, size) => {
        const forwards: string[] = [];
        const backwards: string[] = [];
        for (let after = null, more = true; more; ) {
          const { data } = await ada.execute(one, { id, first: size, after, orderBy });
          forwards.push(...idsOf(data.node.books.nodes));
          ({ endCursor: after, hasNextPage: more } = data.node.books.pageInfo);
        }
        for (let before = null, more = true; more; ) {
          const { data } = await ada.execute(one, { id, last: size, before, orderBy });
          backwards.unshift(...idsOf(data.node.books.nodes));
          ({ startCursor: before, hasPreviousPage: more } = data.node.books.pageInfo);
        }
        const expected = idsOf(naive(number, orderBy));
        expect(forwards).toEqual(expected);
        expect(backwards).toEqual(expected);
      }),
      { numRuns: 6 },
    );
  });

  test('refuse the cursor of another parent, for that parent alone', async () => {
    const { data } = await ada.execute(one, { id: await shelf(5), first: 1 });
    const { endCursor } = data.node.books.pageInfo;
    const answer = await ada.execute(pages, { first: 2, after: endCursor });
    expect(answer.errors?.[0]?.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      reason: 'cursor',
    });
    const own = await ada.execute(one, { id: await shelf(5), first: 1, after: endCursor });
    expect(idsOf(own.data.node.books.nodes)).toEqual(idsOf(naive(5, BY_ID).slice(1, 2)));
  });

  test('count for the cost limit as any page does', async () => {
    const query = (first: number) =>
      `{ shelves(first: 100) { nodes { books(first: ${first}) { nodes { id } } } } }`;
    expect((await ada.execute(query(10))).errors).toBeUndefined();
    const { errors } = await ada.execute(query(100));
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', reason: 'cost' });
  });
});

describe("rows of others, where the rule is the owner's", () => {
  test('are in no page, and in no list', async () => {
    const { data, errors } = await uma.execute(/* GraphQL */ `{
      shelves(first: 100) { nodes { number everyBook { id } books(first: 6) { nodes { id chapters(first: 2) { nodes { id } } } } } }
    }`);
    expect(errors).toBeUndefined();
    for (const { number, everyBook, books: page } of data.shelves.nodes) {
      const own = naive(number, BY_ID).filter(({ reader }) => reader === umaId);
      expect(page.nodes).toEqual(
        own.map(({ id, chapters }) => ({
          id,
          chapters: { nodes: chapters.map((id) => ({ id })) },
        })),
      );
      expect(idsOf(everyBook).sort()).toEqual(idsOf(own).sort());
    }
  });

  test('are in no list of a relation between many and many', async () => {
    const { data } = await uma.execute('{ topics { nodes { books { reader { id } } } } }');
    const readers = data.topics.nodes.flatMap(
      ({ books: found }: { books: { reader: { id: string } }[] }) =>
        found.map(({ reader }) => reader.id),
    );
    expect(new Set(readers)).toEqual(new Set([umaId]));
  });

  test('are null where a relation may be, and NOT_FOUND where it may not', async () => {
    const sequels = await uma.execute(
      '{ shelves(first: 100) { nodes { everyBook { sequel { pages reader { id } } } } } }',
    );
    expect(sequels.errors).toBeUndefined();
    expect(JSON.stringify(sequels.data)).toContain('"sequel":null');
    const about = await uma.execute('{ chapters(first: 20) { nodes { id about { pages } } } }');
    expect(about.errors?.[0]).toMatchObject({
      message: 'There is no such Book.',
      extensions: { code: 'NOT_FOUND', reason: 'row' },
    });
  });

  test('a person leads to their own', async () => {
    const { data } = await uma.execute('{ me { books(first: 3) { nodes { reader { id } } } } }');
    expect(data.me.books.nodes).toEqual([1, 2, 3].map(() => ({ reader: { id: umaId } })));
  });
});

test('a row that others lead to is not deleted, and that is no fault of ours', async () => {
  const em = withoutRowRules(api.server.app.orm.em, 'a test deletes what it has planted');
  const { shelf } = await em.findOneOrFail(Book, { id: books[0]?.id ?? '' });
  const failure = removeRow(em, shelf.unwrap());
  await expect(failure).rejects.toMatchObject({ code: 'CONFLICT', reason: 'referenced' });
  const told = withoutRowRules(api.server.app.orm.em, 'a test deletes what it has planted');
  const { about } = await told.findOneOrFail(Chapter, { about: { $ne: null } });
  await expect(removeRow(told, about)).rejects.toMatchObject({ reason: 'referenced' });
  const other = withoutRowRules(api.server.app.orm.em, 'a test deletes what it has planted');
  const empty = other.create(Shelf, { number: SHELVES });
  await other.flush();
  await removeRow(other, empty);
  expect(await other.count(Shelf, { number: SHELVES })).toBe(0);
});
