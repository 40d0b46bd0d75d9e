import 'reflect-metadata';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { getIntrospectionQuery, isObjectType, parse, validate } from 'graphql';
import {
  aliasLimit,
  depthLimit,
  describeCosts,
  rootFieldLimit,
} from '../../../src/graphql/limits/index.js';
import { fixtureSchema } from '../../http/fixture-schema.js';
import { type FixtureServer, fixtureServer, post } from '../../http/fixture-server.js';

const schema = fixtureSchema();
const rules = [depthLimit(4), aliasLimit(3), rootFieldLimit(2)];

function reasons(query: string): unknown[] {
  return validate(schema, parse(query), rules).map(({ extensions }) => extensions.reason);
}

describe('What is within the limits passes:', () => {
  test.each([
    ['four levels', '{ item { parent { parent { id } } } }'],
    [
      'four levels through fragments',
      '{ ...Q } fragment Q on Query { item { ... { parent { parent { id } } } } }',
    ],
    ['three aliases', '{ a: item { b: id c: id } }'],
    ['two root fields', '{ hello item { id } }'],
    ['introspection, however deep', getIntrospectionQuery()],
    [
      'two operations within the limits',
      'query A { a: hello b: hello } query B { c: hello d: hello }',
    ],
    [
      'a fragment that is not used',
      '{ hello } fragment F on Item { parent { parent { parent { parent { id } } } } }',
    ],
  ])('%s', (_what, query) => {
    expect(reasons(query)).toEqual([]);
  });
});

describe('What exceeds a limit is refused with its reason:', () => {
  test.each([
    ['five levels', '{ item { parent { parent { parent { id } } } } }', 'depth'],
    [
      'five levels through a fragment',
      '{ item { ...F } } fragment F on Item { parent { ...G } } fragment G on Item { parent { parent { id } } }',
      'depth',
    ],
    ['four aliases', '{ item { a: id b: id c: id d: id } }', 'aliases'],
    [
      'a fragment of two aliases spread twice',
      '{ item { ...F parent { ...F } } } fragment F on Item { a: id b: id }',
      'aliases',
    ],
    ['three root fields', '{ hello item { id } role }', 'root_fields'],
    [
      'three root fields through fragments',
      '{ ...F ... { role } } fragment F on Query { hello item { id } }',
      'root_fields',
    ],
    [
      'the second operation of a document',
      'query A { hello } query B { hello role item { id } }',
      'root_fields',
    ],
  ])('%s', (_what, query, reason) => {
    expect(reasons(query)).toEqual([reason]);
  });
});

test('a refusal names the limit, what was asked and what is allowed', () => {
  const [error] = validate(
    schema,
    parse('{ item { parent { parent { parent { id } } } } }'),
    rules,
  );
  expect(error?.message).toBe('The operation has 5 levels of fields; 4 are allowed.');
  expect(error?.extensions.hint).toEqual(expect.any(String));
  expect(error?.locations).toEqual([{ line: 1, column: 1 }]);
});

test.each([
  ['a fragment that spreads itself', '{ item { ...F } } fragment F on Item { id ...F }'],
  [
    'two fragments that spread each other',
    '{ item { ...F } } fragment F on Item { ...G } fragment G on Item { ...F }',
  ],
  ['an unknown fragment', '{ item { ...Nowhere } }'],
])('the rules survive %s', (_what, query) => {
  expect(() => reasons(query)).not.toThrow();
});

test('fragments that double each other forty times are measured once each', () => {
  const doubling = Array.from(
    { length: 40 },
    (_value, level) =>
      `fragment F${level} on Item { parent { ...F${level + 1} } a: parent { ...F${level + 1} } }`,
  ).join(' ');
  const query = `{ item { ...F0 } } ${doubling} fragment F40 on Item { id }`;
  const before = performance.now();
  expect(reasons(query)).toEqual(['depth', 'aliases']);
  expect(performance.now() - before).toBeLessThan(1000);
});

/** A chain of selections of a known depth, partly moved into fragments. */
const chains = fc.array(fc.constantFrom('field', 'inline', 'fragment'), { maxLength: 30 });

test('however a chain of fields is cut into fragments, its depth is the same', () => {
  fc.assert(
    fc.property(chains, (steps) => {
      const fragments: string[] = [];
      const body = steps.reduce((inner, step, index) => {
        if (step === 'field') return `parent { ${inner} }`;
        if (step === 'inline') return `... on Item { ${inner} }`;
        fragments.push(`fragment F${index} on Item { ${inner} }`);
        return `...F${index}`;
      }, 'id');
      const depth = 2 + steps.filter((step) => step === 'field').length;
      const document = parse(`{ item { ${body} } } ${fragments.join(' ')}`);
      expect(validate(schema, document, [depthLimit(depth)])).toEqual([]);
      expect(validate(schema, document, [depthLimit(depth - 1)])).toHaveLength(1);
    }),
    { numRuns: 60 },
  );
});

describe('The documentation tells the cost of', () => {
  const described = fixtureSchema();
  describeCosts(described);

  test.each([
    ['a field', 'Query', 'hello', 'Cost: 1.'],
    ['a field that declares it', 'Item', 'costly', 'Cost: 50.'],
    ['an object', 'Query', 'item', 'Cost: 1 + what is selected.'],
    ['a list', 'Item', 'tags', 'Cost: 1 + 5 × what is selected.'],
    ['a page', 'Query', 'items', "Cost: 1 + the page's size (20 by default) × what is selected."],
    ['what a page holds', 'ItemConnection', 'edges', 'Cost: 1 + what is selected.'],
  ])('%s', (_what, typeName, field, cost) => {
    const type = described.getType(typeName);
    expect(isObjectType(type) && type.getFields()[field]?.description).toBe(cost);
  });
});

describe('The cost of an operation', () => {
  async function costOf(query: string, variables?: Record<string, unknown>): Promise<string> {
    const server = await fixtureServer({ limits: { cost: 1, depth: 40 } });
    const response = await post(server, { query, variables });
    await server.app.close();
    expect(response.statusCode).toBe(400);
    const [error] = response.json().errors;
    expect(error.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      reason: 'cost',
      hint: expect.any(String),
    });
    return error.message;
  }

  test.each([
    ['is 1 a field', '{ hello item { id } }', 3],
    ['multiplies a page by `first`', '{ items(first: 30) { nodes { id } } }', 1 + 30 * 2],
    ['multiplies a page by `last`', '{ items(last: 7) { nodes { id } } }', 1 + 7 * 2],
    ['takes a page of 20 where none is asked for', '{ items { nodes { id } } }', 1 + 20 * 2],
    [
      'multiplies pages within pages',
      '{ items(first: 10) { nodes { children(first: 5) { nodes { id } } } } }',
      1 + 10 * (1 + 1 + 5 * 2),
    ],
    ['takes a list without paging to have 5 entries', '{ item { tags { name } } }', 1 + 1 + 5],
    ['adds what a field declares', '{ item { costly } }', 1 + 50],
    [
      'counts a fragment as often as it is spread',
      '{ a: item { ...F } b: item { ...F } } fragment F on Item { id parent { id } }',
      2 * (1 + 3),
    ],
    ['leaves out what is skipped', '{ hello item { id @skip(if: true) } }', 2],
    ['counts an empty page as one entry', '{ items(first: 0) { totalCount } }', 2],
  ])('%s', async (_what, query, cost) => {
    expect(await costOf(query)).toBe(`The operation costs ${cost}; 1 are allowed.`);
  });

  test('multiplies a page by a variable and by the default of one', async () => {
    const query = 'query ($n: Int = 40) { items(first: $n) { nodes { id } } }';
    expect(await costOf(query, { n: 9 })).toContain(`costs ${1 + 9 * 2};`);
    expect(await costOf(query)).toContain(`costs ${1 + 40 * 2};`);
  });

  test('is refused above the limit and answered at it', async () => {
    const server = await fixtureServer({ limits: { cost: 61 } });
    expect(
      (await post(server, { query: '{ items(first: 30) { nodes { id } } }' })).statusCode,
    ).toBe(200);
    expect(
      (await post(server, { query: '{ items(first: 31) { nodes { id } } }' })).statusCode,
    ).toBe(400);
    await server.app.close();
  });

  test('cannot be dodged by an argument that fails', async () => {
    const server = await fixtureServer();
    const query =
      'query ($n: Int = 1) { twice(number: $n) items(first: 100) { nodes { children(first: 100) { nodes { id } } } } }';
    const response = await post(server, { query, variables: { n: null } });
    expect(response.statusCode).toBe(400);
    expect(response.json().data).toBeUndefined();
    await server.app.close();
  });
});

describe('A server with the default limits', () => {
  async function asking(query: string) {
    const server: FixtureServer = await fixtureServer();
    const response = await post(server, { query });
    await server.app.close();
    return response;
  }

  test('answers the introspection query of tools', async () => {
    const response = await asking(
      getIntrospectionQuery({ inputValueDeprecation: true, specifiedByUrl: true }),
    );
    expect(response.statusCode).toBe(200);
    expect(response.json().data.__schema.queryType.name).toBe('Query');
  });

  test('suggests names in development', async () => {
    expect((await asking('{ helo }')).body).toContain('Did you mean \\"hello\\"');
  });

  test('names the limit of lexical tokens', async () => {
    const response = await asking(`{ ${'hello '.repeat(1000)} }`);
    expect(response.statusCode).toBe(400);
    expect(response.json().errors).toEqual([
      expect.objectContaining({
        message: 'The document has more than 1000 lexical tokens; 1000 are allowed.',
        extensions: expect.objectContaining({ code: 'GRAPHQL_PARSE_FAILED', reason: 'tokens' }),
      }),
    ]);
  });

  test('stops after 5 validation errors', async () => {
    const response = await asking('{ a b c d e f g h i }');
    expect(response.statusCode).toBe(400);
    const messages = response.json().errors.map(({ message }: { message: string }) => message);
    expect(messages).toHaveLength(6);
    expect(messages[5]).toMatch(/error limit reached/);
  });
});
