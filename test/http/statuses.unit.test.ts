import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { SECRET } from './fixture-schema.js';
import { type FixtureServer, fixtureServer, post } from './fixture-server.js';

const MEDIA_TYPES = ['application/json', 'application/graphql-response+json'] as const;
const CODES: readonly [code: string, status: number, headers: Record<string, string>][] = [
  ['UNAUTHENTICATED', 401, { 'www-authenticate': 'Bearer' }],
  ['FORBIDDEN', 403, {}],
  ['BAD_USER_INPUT', 400, {}],
  ['NOT_FOUND', 200, {}],
  ['CONFLICT', 200, {}],
  ['RATE_LIMITED', 429, { 'retry-after': '17' }],
  ['UNAVAILABLE', 503, { 'retry-after': '5' }],
  ['INTERNAL_SERVER_ERROR', 500, {}],
];
const TOLD_HEADERS = ['www-authenticate', 'retry-after'] as const;

let server: FixtureServer;
beforeAll(async () => {
  server = await fixtureServer();
});
afterAll(async () => server.app.close());

describe.each(MEDIA_TYPES)('In %s', (accept) => {
  test.each(CODES)('%s without data is HTTP %i with its headers', async (code, status, headers) => {
    const query = `{ mustNotFail(how: "${code}") }`;
    const response = await post(server, { query }, { accept, 'x-request-id': 'status-1' });
    expect(response.statusCode).toBe(status);
    expect(response.headers['content-type']).toBe(`${accept}; charset=utf-8`);
    for (const name of TOLD_HEADERS) expect(response.headers[name]).toBe(headers[name]);
    const { data, errors } = response.json();
    expect(data).toBeNull();
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({
      path: ['mustNotFail'],
      extensions: { code, requestId: 'status-1' },
    });
    expect(response.body).not.toContain(SECRET);
  });

  test.each(CODES)('%s beside data is HTTP 200', async (code) => {
    const response = await post(server, { query: `{ hello fails(how: "${code}") }` }, { accept });
    expect(response.statusCode).toBe(200);
    expect(response.json()).toMatchObject({
      data: { hello: 'world', fails: null },
      errors: [{ extensions: { code } }],
    });
    for (const name of TOLD_HEADERS) expect(response.headers[name]).toBeUndefined();
  });

  test('a token that fails is refused with 401 before anything executes', async () => {
    const response = await post(
      server,
      { query: '{ hello }' },
      { accept, authorization: 'Bearer bad' },
    );
    expect(response.statusCode).toBe(401);
    expect(response.headers).toMatchObject({
      'www-authenticate': 'Bearer error="invalid_token"',
      'content-type': `${accept}; charset=utf-8`,
    });
    expect(response.json()).toEqual({
      errors: [
        {
          message: 'The access token is not valid.',
          extensions: {
            code: 'UNAUTHENTICATED',
            reason: 'invalid',
            requestId: response.headers['x-request-id'],
          },
        },
      ],
    });
  });

  test.each([
    ['a syntax error', { query: '{' }, 'GRAPHQL_PARSE_FAILED'],
    ['an unknown field', { query: '{ nothing }' }, 'GRAPHQL_VALIDATION_FAILED'],
    [
      'a variable that does not fit',
      { query: 'query ($n: Int!) { twice(number: $n) }', variables: { n: 'x' } },
      'BAD_USER_INPUT',
    ],
    [
      'a missing operation',
      { query: 'query A { hello }', operationName: 'B' },
      'OPERATION_RESOLUTION_FAILURE',
    ],
    [
      'null for an argument that must not be null',
      {
        query: 'query ($n: Int = 1) { twice(number: $n) mustNotFail(how: "x") }',
        variables: { n: null },
      },
      'BAD_USER_INPUT',
    ],
  ])('%s is HTTP 400', async (_fault, body, code) => {
    const response = await post(server, body, { accept });
    expect(response.statusCode).toBe(400);
    expect(response.headers['content-type']).toBe(`${accept}; charset=utf-8`);
    const { data, errors } = response.json();
    expect(data ?? null).toBeNull();
    expect(errors[0].extensions).toMatchObject({ code, requestId: expect.any(String) });
  });
});

test('a good token and a failing root field say that the token is not enough', async () => {
  const response = await post(
    server,
    { query: '{ mustNotFail(how: "UNAUTHENTICATED") }' },
    { authorization: 'Bearer good' },
  );
  expect(response.statusCode).toBe(401);
  expect(response.headers['www-authenticate']).toBe('Bearer error="invalid_token"');
});

test('errors that do not agree leave the status at 200', async () => {
  const query = '{ fails(how: "NOT_FOUND") mustNotFail(how: "FORBIDDEN") }';
  const response = await post(server, { query });
  expect(response.statusCode).toBe(200);
  expect(response.json().data).toBeNull();
  expect(response.json().errors).toHaveLength(2);
});

test('a nested refusal sets no status even if it takes all data with it', async () => {
  const response = await post(server, { query: '{ refusesBelow { secret } }' });
  expect(response.statusCode).toBe(200);
  expect(response.json()).toMatchObject({
    data: null,
    errors: [{ extensions: { code: 'FORBIDDEN' } }],
  });
});

test('a resolver sets neither a status nor a header', async () => {
  const response = await post(server, { query: '{ setsStatus }' });
  expect(response.statusCode).toBe(200);
  expect(response.headers['set-cookie']).toBeUndefined();
  expect(response.json().errors[0]).toMatchObject({
    message: 'Something went wrong on our side.',
    extensions: { code: 'INTERNAL_SERVER_ERROR' },
  });
});

test('a context that cannot be built because of the database is 503', async () => {
  const down = await fixtureServer({
    context: () => {
      throw Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
    },
  });
  const response = await post(down, { query: '{ hello }' });
  expect(response.statusCode).toBe(503);
  expect(response.headers['retry-after']).toBe('5');
  expect(response.json().errors[0].extensions).toMatchObject({
    code: 'UNAVAILABLE',
    reason: 'database',
  });
  await down.app.close();
});

test('a mutation by GET is 405 and names the method that does', async () => {
  const response = await server.app.inject({
    url: '/graphql?query=mutation%7Btouch%7D',
    headers: { 'apollo-require-preflight': 'yes' },
  });
  expect(response.statusCode).toBe(405);
  expect(response.headers.allow).toBe('POST');
});

test('a query by GET is answered', async () => {
  const response = await server.app.inject({
    url: '/graphql?query=%7Bhello%7D',
    headers: { 'apollo-require-preflight': 'yes' },
  });
  expect(response.statusCode).toBe(200);
  expect(response.json()).toEqual({ data: { hello: 'world' } });
});
