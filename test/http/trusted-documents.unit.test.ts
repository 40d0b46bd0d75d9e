import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type FixtureServer, fixtureDocuments, fixtureServer, post } from './fixture-server.js';
import { bytesOf, exchange } from './hostile/exchange.js';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const manifestOf = (...texts: readonly string[]) =>
  JSON.stringify(Object.fromEntries(texts.map((text) => [`sha256:${sha256(text)}`, text])));

const HELLO = 'query Hello { __typename hello }';
const TWICE = 'query Twice($number: Int!) { twice(number: $number) }';
const TOUCH = 'mutation Touch { touch }';
const byHash = (text: string, version: unknown = 1) => ({
  extensions: { persistedQuery: { version, sha256Hash: sha256(text) } },
});

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lifeguard-manifest-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let files = 0;
async function manifest(content: string): Promise<string> {
  const file = join(folder, `${++files}.json`);
  await writeFile(file, content);
  return file;
}

async function reading(...contents: readonly string[]) {
  return fixtureDocuments(await Promise.all(contents.map(manifest)));
}

describe('Under production limits', () => {
  let server: FixtureServer;
  beforeAll(async () => {
    const documents = await reading(manifestOf(HELLO, TWICE), manifestOf(TOUCH));
    server = await fixtureServer({ documents, productionLimits: true, loopbackOnly: false });
  });
  afterAll(() => server.app.close());

  const get = (parameters: Record<string, string>) =>
    server.app.inject({
      method: 'GET',
      url: `/graphql?${new URLSearchParams(parameters)}`,
      headers: { 'apollo-require-preflight': 'true' },
    });

  test.each([
    ['a hash', byHash(HELLO), { __typename: 'Query', hello: expect.any(String) }],
    ['a hash with variables', { ...byHash(TWICE), variables: { number: 2 } }, { twice: 4 }],
    ['a hash of another manifest', byHash(TOUCH), { touch: expect.anything() }],
    ['the text that is registered', { query: HELLO }, { hello: expect.any(String) }],
    ['its text and hash', { query: HELLO, ...byHash(HELLO) }, { hello: expect.any(String) }],
  ])('%s is answered', async (_what, body, data) => {
    const answer = await post(server, body);
    expect(answer.json()).toEqual({ data: expect.objectContaining(data) });
    expect(answer.statusCode).toBe(200);
  });

  test('a hash by GET is answered', async () => {
    const { extensions } = byHash(HELLO);
    const answer = await get({ extensions: JSON.stringify(extensions) });
    expect(answer.json().data.__typename).toBe('Query');
  });

  test.each([
    ['another text', { query: '{ hello }' }],
    ['a registered text with a space more', { query: `${HELLO} ` }],
    ['the schema', { query: '{ __schema { types { name } } }' }],
    ['what does not parse, since nobody parses it', { query: '{{{' }],
    ['a hash that nobody registered', byHash('{ hello }')],
    [
      'a hash in capitals',
      { extensions: { persistedQuery: { version: 1, sha256Hash: sha256(HELLO).toUpperCase() } } },
    ],
    ['the identifier of the draft', { documentId: `sha256:${sha256(HELLO)}` }],
    [
      'a hash of the prototype',
      { extensions: { persistedQuery: { version: 1, sha256Hash: '__proto__' } } },
    ],
    ['nothing', {}],
    ['an empty text', { query: '' }],
    ['no text but null', { query: null }],
    ['a document in another form', { query: { kind: 'Document', definitions: [] } }],
    ['a list of what is registered', [byHash(HELLO)]],
    ['text', '"query"'],
    ['extensions as text', { extensions: JSON.stringify(byHash(HELLO).extensions) }],
  ])('%s is refused', async (_what, body) => {
    const answer = await post(server, body);
    expect(answer.statusCode).toBe(400);
    expect(answer.json().data).toBeUndefined();
    expect(answer.json().errors).toEqual([
      {
        message: 'The operation is not registered here.',
        extensions: {
          code: 'BAD_USER_INPUT',
          reason: 'untrusted_document',
          hint: expect.stringContaining('TRUSTED_DOCUMENTS'),
          requestId: expect.any(String),
        },
      },
    ]);
  });

  test.each([
    ['another text', { query: '{ hello }' }],
    [
      'another text beside a registered hash',
      { query: '{ hello }', extensions: JSON.stringify(byHash(HELLO).extensions) },
    ],
    ['extensions that are no JSON', { extensions: '{' }],
    ['a mutation', { extensions: JSON.stringify(byHash(TOUCH).extensions) }, 405],
  ])('by GET %s is refused', async (_what, parameters: Record<string, string>, status = 400) => {
    const answer = await get(parameters);
    expect(answer.statusCode).toBe(status);
    expect(answer.json().data).toBeUndefined();
  });

  test('two texts in one address are refused, whichever is registered', async () => {
    const url = `/graphql?query=${encodeURIComponent(HELLO)}&query=${encodeURIComponent('{ hello }')}`;
    const headers = { 'apollo-require-preflight': 'true' };
    const answer = await server.app.inject({ method: 'GET', url, headers });
    expect(answer.statusCode).toBe(400);
  });

  test('what follows a # in an address is asked by nobody', async () => {
    const port = await server.listen();
    const hello = encodeURIComponent(HELLO);
    const target = `/graphql?query=${hello}#%0Aquery%20Other{twice(number:2)}&operationName=Other`;
    const headers = { 'apollo-require-preflight': 'true' };
    const { body } = await exchange(port, bytesOf({ method: 'GET', target, headers }));
    expect(JSON.parse(body)).toEqual({
      data: { __typename: 'Query', hello: expect.any(String) },
    });
  });

  test('a token that fails is told first', async () => {
    const answer = await post(server, { query: '{ hello }' }, { authorization: 'Bearer bad' });
    expect(answer.statusCode).toBe(401);
  });
});

describe.each([true, false])('With production limits %s', (productionLimits) => {
  let server: FixtureServer;
  beforeAll(async () => {
    const documents = await reading(manifestOf(HELLO));
    server = await fixtureServer({ documents, productionLimits, loopbackOnly: false });
  });
  afterAll(() => server.app.close());

  test.each([
    ['of another version', byHash(HELLO, 2)],
    ['of no version', byHash(HELLO, null)],
    ['without a hash', { extensions: { persistedQuery: { version: 1 } } }],
    ['that is no object', { extensions: { persistedQuery: true } }],
    ['beside another text', { query: '{ hello }', ...byHash(HELLO) }],
  ])('a persisted query %s is the request’s fault', async (_what, body) => {
    const answer = await post(server, body);
    expect(answer.statusCode).toBe(400);
    expect(answer.json().errors[0].extensions.reason).toBe('persisted_query');
  });
});

test('in development any text is answered, and so is a hash', async () => {
  const server = await fixtureServer({ documents: await reading(manifestOf(HELLO)) });
  expect((await post(server, { query: '{ hello }' })).statusCode).toBe(200);
  expect((await post(server, byHash(HELLO))).json().data.__typename).toBe('Query');
  // Nobody adds to it.
  expect((await post(server, { query: '{ hello }', ...byHash('{ hello }') })).statusCode).toBe(200);
  const unknown = await post(server, byHash('{ hello }'));
  expect(unknown.statusCode).toBe(400);
  expect(unknown.json().errors[0].extensions.code).toBe('PERSISTED_QUERY_NOT_FOUND');
  await server.app.close();
});

describe('Manifests are refused', () => {
  test('with operations that the schema has not, each by its name', async () => {
    const stale = manifestOf(
      'query Gone { shoeSize }',
      HELLO,
      'query Deep { item { parent { shoeSize } } }',
    );
    await expect(reading(stale, manifestOf('mutation Lost { lose }'))).rejects.toThrow(
      /^The manifests of TRUSTED_DOCUMENTS do not fit:\n {2}\S+: Gone: Cannot query field "shoeSize" on type "Query"\.\n {2}\S+: Deep: .*\n {2}\S+: Lost: .*\nGenerate them anew/,
    );
  });

  test.each([
    [
      'with an operation above a limit',
      manifestOf(`query Wide { ${'hello '.repeat(21)} }`),
      /Wide: .*21 root fields; 20 are allowed/,
    ],
    ['with one that does not parse', manifestOf('query {'), /query \{: Syntax Error/],
    [
      'with a text under the hash of another',
      JSON.stringify({ [`sha256:${sha256(HELLO)}`]: TWICE }),
      /is not the SHA-256 of its text, which is \w{64}/,
    ],
    ['that are lists', '[]', /is no JSON object of texts/],
    ['without texts', '{ "a": 1 }', /a is no text/],
    ['that are no JSON', '{', /JSON/],
    ['without an operation', '{}', /has no operation/],
  ])('%s', async (_what, content, message) => {
    await expect(reading(content)).rejects.toThrow(message);
  });
});
