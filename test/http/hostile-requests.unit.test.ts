import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type FixtureServer, fixtureServer, post } from './fixture-server.js';

const json = { 'content-type': 'application/json' };
const form = 'application/x-www-form-urlencoded';
const nest = (open: string, close: string, times: number, inner: string) =>
  open.repeat(times) + inner + close.repeat(times);
const many = (count: number, piece: (index: number) => string) =>
  Array.from({ length: count }, (_value, index) => piece(index)).join(' ');

/** Eleven levels that triple. */
const fanOut = (() => {
  let body = 'id';
  for (let level = 0; level < 5; level++)
    body = `a:children{nodes{${body}}}b:children{nodes{${body}}}`;
  return `{items{nodes{${body}}}}`;
})();

const documents: readonly [what: string, query: string, variables?: Record<string, unknown>][] = [
  ['fifteen levels', `{ item ${nest('{ parent ', '}', 15, '{ id }')} }`],
  ['four hundred levels', `{ item ${nest('{parent', '}', 400, '{id}')} }`],
  ['sixteen aliases of one field', `{ ${many(16, (index) => `a${index}: hello`)} }`],
  ['twenty-one root fields', `{ ${'hello '.repeat(21)} }`],
  ['a thousand aliases', `{ ${many(1000, (index) => `a${index}: hello`)} }`],
  [
    'a page of a page of a page',
    '{items(first:100){nodes{children(first:100){nodes{children(first:100){nodes{id}}}}}}}',
  ],
  ['a page of two thousand million', '{ items(first: 2147483647) { nodes { id } } }'],
  [
    'a page of pages by variables',
    'query($n:Int){items(first:$n){nodes{children(last:$n){nodes{id}}}}}',
    { n: 1000 },
  ],
  ['a fan-out', fanOut],
  ['a fragment that spreads itself', '{ ...F } fragment F on Query { ...F }'],
  [
    'a ring of fragments',
    `{ ...F0 } ${many(50, (index) => `fragment F${index} on Query { ...F${(index + 1) % 50} }`)}`,
  ],
  [
    'fragments that double each other',
    `{ item { ...F0 } } ${many(40, (index) => `fragment F${index} on Item { a: parent { ...F${index + 1} } b: parent { ...F${index + 1} } }`)} fragment F40 on Item { id }`,
  ],
  [
    'inline fragments that double without fields',
    `{ item { ...F0 } } ${many(30, (index) => `fragment F${index} on Item { ...F${index + 1} ... { ...F${index + 1} } }`)} fragment F30 on Item { id }`,
  ],
  ['an unknown fragment', '{ ...Nowhere }'],
  ['one directive six hundred times', `{ hello ${'@skip(if: false) '.repeat(150)} }`],
  ['unknown directives', `{ hello ${'@x '.repeat(400)} }`],
  ['two hundred operations', many(200, (index) => `query Q${index} { hello }`)],
  ['two thousand tokens', '{ hello }'.repeat(700)],
  ['a document of brackets', '{'.repeat(900)],
  ['a list literal of brackets', `{ twice(number: ${nest('[', ']', 400, '1')}) }`],
  ['an object literal of braces', `{ twice(number: ${nest('{a:', '}', 200, '1')}) }`],
  [
    'introspection lists within each other',
    `{__schema{types${nest('{fields{type', '}}', 20, '{name}')}}}`,
  ],
  ['an unterminated string', '{ role(role: "'],
  ['a number of ten thousand digits', `{ twice(number: ${'9'.repeat(10_000)}) }`],
  ['an enum value that is none', '{ role(role: ROOT) }'],
  ['a subscription', 'subscription { hello }'],
  ['nothing', ''],
  ['a comment alone', '# hello'],
  ['a type definition', 'type Query { hello: String }'],
  ['a null character', '{ hello\u0000 }'],
  ['deferred delivery', '{ ... @defer { hello } }'],
  ['variables that are long', 'query($n:Int!){twice(number:$n)}', { n: 'x'.repeat(80_000) }],
];

const bodies: readonly [
  what: string,
  body: string,
  headers?: Record<string, string>,
  status?: number,
][] = [
  [
    'variables that are deep',
    `{"query":"query($r:Role){role(role:$r)}","variables":{"r":${nest('[', ']', 40_000, '1')}}}`,
  ],
  ['an array of operations', JSON.stringify([{ query: '{ hello }' }, { query: '{ hello }' }])],
  ['an empty array', '[]'],
  ['a string', '"query"'],
  ['null', 'null'],
  ['a number', '1'],
  ['an empty object', '{}'],
  ['an empty body', ''],
  ['broken JSON', '{"query": "{ hello }"'],
  ['JSON with a __proto__', '{"query":"{ hello }","__proto__":{"admin":true}}'],
  ['a query that is an object', '{"query":{"kind":"Document"}}'],
  ['variables that are a string', '{"query":"{ hello }","variables":"{}"}'],
  ['variables that are an array', '{"query":"{ hello }","variables":[1]}'],
  ['extensions that are a number', '{"query":"{ hello }","extensions":1}'],
  ['an operation name that is an array', '{"query":"{ hello }","operationName":["a"]}'],
  [
    'a long operation name',
    JSON.stringify({ query: '{ hello }', operationName: 'x'.repeat(90_000) }),
  ],
  ['a persisted query', '{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"abc"}}}'],
  ['a form', 'query=%7Bhello%7D', { 'content-type': form }, 415],
  ['plain text', '{"query":"{ hello }"}', { 'content-type': 'text/plain' }, 415],
  ['a multipart upload', '--x--', { 'content-type': 'multipart/form-data; boundary=x' }, 415],
  ['XML', '<query/>', { 'content-type': 'application/xml' }, 415],
  ['a content type that is none', '{}', { 'content-type': '///' }, 415],
  [
    'a body of more than 100 kB',
    JSON.stringify({ query: '{ hello }', variables: { a: 'x'.repeat(100_000) } }),
    {},
    413,
  ],
  ['an accepted type that is not ours', '{"query":"{ hello }"}', { accept: 'text/csv' }, 406],
  ['an incremental answer alone', '{"query":"{ hello }"}', { accept: 'multipart/mixed' }, 406],
];

const targets: readonly [
  what: string,
  method: 'GET' | 'PUT' | 'DELETE' | 'HEAD' | 'OPTIONS' | 'POST',
  url: string,
  headers: Record<string, string>,
  status: number,
][] = [
  ['a mutation by GET', 'GET', '/graphql?query=mutation%7Btouch%7D', json, 405],
  ['a GET a form could send', 'GET', '/graphql?query=%7Bhello%7D', {}, 400],
  ['a GET with a form type', 'GET', '/graphql?query=%7Bhello%7D', { 'content-type': form }, 400],
  ['a GET without a query', 'GET', '/graphql', json, 400],
  ['a GET with two queries', 'GET', '/graphql?query=%7Bhello%7D&query=%7Bhello%7D', json, 400],
  ['a GET with broken variables', 'GET', '/graphql?query=%7Bhello%7D&variables=%7B', json, 400],
  ['PUT', 'PUT', '/graphql', json, 405],
  ['DELETE', 'DELETE', '/graphql', {}, 405],
  ['HEAD', 'HEAD', '/graphql', {}, 405],
  ['a POST to a probe', 'POST', '/livez', {}, 405],
  ['a path that is not there', 'GET', '/admin', {}, 404],
  ['a path out of the root', 'GET', '/../../etc/passwd', {}, 404],
  ['a path that is not well-formed', 'GET', '/%zz', {}, 400],
  ['a path of slashes', 'GET', '//graphql', {}, 404],
  ['a long path', 'GET', `/${'a'.repeat(9000)}`, {}, 404],
];

let server: FixtureServer;
beforeAll(async () => {
  server = await fixtureServer({ productionLimits: true, loopbackOnly: false });
});
afterAll(async () => server.app.close());

interface Answer {
  readonly statusCode: number;
  readonly body: string;
  readonly headers: Record<string, unknown>;
}

/** Refused as the request's fault, with a small GraphQL answer that tells nothing of the inside. */
function expectRefusal(answer: Answer, took: number) {
  expect(answer.statusCode).toBeGreaterThanOrEqual(400);
  expect(answer.statusCode).toBeLessThan(500);
  expect(answer.headers['content-type']).toMatch(/^application\/(graphql-response\+)?json/);
  expect(answer.body.length).toBeLessThan(4000);
  expect(answer.body).not.toMatch(/node_modules|\.js:\d|<html|Did you mean|stacktrace/);
  const { errors } = JSON.parse(answer.body);
  expect(errors.length).toBeGreaterThan(0);
  for (const { extensions } of errors) {
    expect(extensions.code).not.toBe('INTERNAL_SERVER_ERROR');
    expect(extensions.requestId).toBe(answer.headers['x-request-id']);
  }
  expect(took).toBeLessThan(2000);
}

describe('A hostile document is refused:', () => {
  test.each(documents.map(([what, query, variables = {}]) => [what, query, variables] as const))(
    '%s',
    async (_what, query, variables) => {
      const before = performance.now();
      const answer = await post(server, { query, variables });
      expectRefusal(answer, performance.now() - before);
      expect(answer.statusCode).toBe(400);
    },
  );
});

describe('A hostile body is refused:', () => {
  test.each(
    bodies.map(
      ([what, body, headers = {}, status = 400]) => [what, body, headers, status] as const,
    ),
  )('%s', async (_what, body, headers, status) => {
    const before = performance.now();
    const answer = await post(server, body, headers);
    expectRefusal(answer, performance.now() - before);
    expect(answer.statusCode).toBe(status);
  });
});

describe('A hostile target is refused:', () => {
  test.each(targets)('%s', async (_what, method, url, headers, status) => {
    const before = performance.now();
    const answer = await server.app.inject({ method, url, headers });
    // An answer to HEAD has no body (RFC 9110, section 9.3.2).
    if (method !== 'HEAD') expectRefusal(answer, performance.now() - before);
    expect(answer.statusCode).toBe(status);
    if (status === 405) expect(answer.headers.allow).toMatch(/GET|POST/);
  });
});

describe('Under production limits', () => {
  test.each([
    ['introspection', '{ __schema { types { name } } }'],
    ['introspection of one type', '{ __type(name: "Query") { name } }'],
    [
      'introspection behind an alias and a fragment',
      '{ ...F } fragment F on Query { a: __schema { types { name } } }',
    ],
  ])('%s is refused', async (_what, query) => {
    const answer = await post(server, { query });
    expectRefusal(answer, 0);
    expect(answer.body).not.toContain('ItemConnection');
  });

  test.each([
    ['a field', '{ helo }', undefined],
    ['an argument', '{ twice(numbr: 1) }', undefined],
    ['an enum value', '{ role(role: ADMINN) }', undefined],
    ['a type', '{ ... on Querry { hello } }', undefined],
    ['an enum value in a variable', 'query ($r: Role) { role(role: $r) }', { r: 'ADMINN' }],
  ])('no name is suggested for %s', async (_what, query, variables) => {
    const answer = await post(server, { query, variables });
    expectRefusal(answer, 0);
    expect(answer.body).not.toContain('Did you mean');
  });

  test('a browser gets no page', async () => {
    const answer = await server.app.inject({ url: '/graphql', headers: { accept: 'text/html' } });
    expectRefusal(answer, 0);
  });

  test('__typename alone is answered', async () => {
    expect((await post(server, { query: '{ __typename }' })).json()).toEqual({
      data: { __typename: 'Query' },
    });
  });
});

describe('In development', () => {
  test('a name is suggested and introspection answered', async () => {
    const open = await fixtureServer();
    expect((await post(open, { query: '{ helo }' })).body).toContain('Did you mean');
    expect((await post(open, { query: '{ __schema { queryType { name } } }' })).statusCode).toBe(
      200,
    );
    await open.app.close();
  });
});
