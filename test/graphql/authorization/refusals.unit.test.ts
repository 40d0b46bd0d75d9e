import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { GraphQLError, getIntrospectionQuery, parse } from 'graphql';
import { Role } from '../../../src/auth/role.js';
import { ANONYMOUS, type Viewer } from '../../../src/auth/viewer.js';
import { ForbiddenError } from '../../../src/errors.js';
import { isNestedRefusal, refusalsOf } from '../../../src/graphql/authorization/index.js';
import { type Request, serve } from './execute.js';
import { calls, schema } from './fixture.js';
import { client, person } from './viewers.js';

const server = serve(schema);
afterAll(() => server.stop());
beforeEach(() => {
  calls.count = 0;
});

const uma = person('uma');
const support = person('sam', { roles: [Role.SUPPORT] });
const admin = person('ada', { roles: [Role.ADMIN] });

async function outcome(viewer: Viewer, request: string | Request) {
  const asked = typeof request === 'string' ? { query: request } : request;
  const answer = await server.execute(viewer, asked);
  if (!('data' in answer)) return answer.errors?.map(({ extensions }) => extensions?.code);
  return answer.errors === undefined ? 'executed' : 'executed with errors';
}

describe('a root field that the viewer may not use refuses the operation', () => {
  test.each<[string, Viewer, string, string]>([
    ['an anonymous viewer of a field without a rule', ANONYMOUS, '{ hello }', 'UNAUTHENTICATED'],
    ['a machine client of a field without a rule', client(), '{ hello }', 'FORBIDDEN'],
    ['a person without the role', uma, 'mutation { rename(name: "x") }', 'FORBIDDEN'],
    [
      'beside a field that is allowed',
      uma,
      '{ hello server { version } person(id: "ada") { id } }',
      'FORBIDDEN',
    ],
    ['under an alias', uma, '{ server { version } other: person(id: "ada") { id } }', 'FORBIDDEN'],
    [
      'in a fragment',
      uma,
      '{ ...A } fragment A on Query { ...B } fragment B on Query { person(id: "ada") { id } }',
      'FORBIDDEN',
    ],
    [
      'in an inline fragment',
      uma,
      '{ ... { ... on Query { person(id: "ada") { id } } } }',
      'FORBIDDEN',
    ],
    ['included by a literal', uma, '{ person(id: "ada") @include(if: true) { id } }', 'FORBIDDEN'],
    ['not skipped by a literal', uma, '{ person(id: "ada") @skip(if: false) { id } }', 'FORBIDDEN'],
    [
      'once as oneself and once as another',
      uma,
      '{ a: person(id: "uma") { id } b: person(id: "ada") { id } }',
      'FORBIDDEN',
    ],
    ['in a subscription', uma, 'subscription { ticks }', 'FORBIDDEN'],
    [
      'of an anonymous viewer, for __typename of what it finds alone',
      ANONYMOUS,
      '{ me { __typename } }',
      'UNAUTHENTICATED',
    ],
  ])('%s', async (_case, viewer, query, code) => {
    expect(await outcome(viewer, query)).toEqual([code]);
    expect(calls.count).toBe(0);
  });
});

describe('an operation is executed', () => {
  test.each<[string, Viewer, string | Request]>([
    ['where everything is public', ANONYMOUS, '{ server { version } }'],
    ['for introspection', ANONYMOUS, getIntrospectionQuery()],
    ['for __typename of the root', ANONYMOUS, '{ __typename }'],
    ['where what is refused is skipped', ANONYMOUS, '{ server { version } hello @skip(if: true) }'],
    [
      'where what is refused is in a fragment not included',
      ANONYMOUS,
      {
        query:
          'query ($with: Boolean!) { server { version } ...Hello @include(if: $with) } fragment Hello on Query { hello }',
        variables: { with: false },
      },
    ],
    [
      'where a default leaves out what is refused',
      ANONYMOUS,
      'query ($with: Boolean = false) { server { version } hello @include(if: $with) }',
    ],
    ['for a person of themselves by id', uma, '{ person(id: "uma") { id } }'],
    ['for a person of themselves by subject', uma, '{ person(id: "uma-subject") { id } }'],
    [
      'for a person of themselves by a variable',
      uma,
      { query: 'query ($id: ID!) { person(id: $id) { id } }', variables: { id: 'uma' } },
    ],
    [
      'for a person of themselves by the default of a variable',
      uma,
      'query ($id: ID! = "uma") { person(id: $id) { id } }',
    ],
    ['for a client by scope', client({ scopes: ['people/all'] }), '{ byScope { __typename } }'],
    ['for an admin', admin, 'mutation { rename(name: "x") }'],
  ])('%s', async (_case, viewer, request) => {
    expect(await outcome(viewer, request)).toBe('executed');
  });
});

describe('what is put in refuses the operation', () => {
  const filter = 'query ($filter: Filter) { search(filter: $filter) }';
  test.each<[string, string | Request]>([
    ['a guarded argument', '{ search(limit: "1") }'],
    ['a guarded argument that is its own default', '{ search(limit: "10") }'],
    [
      'a guarded argument by a variable',
      { query: 'query ($limit: String!) { search(limit: $limit) }', variables: { limit: '1' } },
    ],
    [
      'a guarded argument by the default of a variable',
      'query ($limit: String! = "1") { search(limit: $limit) }',
    ],
    ['a guarded argument below the root', '{ me { titles(drafts: true) } }'],
    ['a guarded argument that is null', '{ me { titles(drafts: null) } }'],
    ['a guarded argument of a field resolver', '{ me { notes(archived: true) { id } } }'],
    [
      'a guarded argument below an interface',
      '{ thing(id: "uma") { ... on Person { titles(drafts: true) } } }',
    ],
    [
      'a guarded argument in a fragment that is spread twice',
      '{ a: me { ...T } b: me { ...T } } fragment T on Person { titles(drafts: true) }',
    ],
    ['a guarded input field', '{ search(filter: { phone: "1" }) }'],
    ['a guarded input field that is null', '{ search(filter: { phone: null }) }'],
    [
      'a guarded input field in a variable',
      { query: filter, variables: { filter: { phone: '1' } } },
    ],
    [
      'a guarded input field in the default of a variable',
      'query ($filter: Filter = { phone: "1" }) { search(filter: $filter) }',
    ],
    [
      'a guarded input field deep in lists',
      '{ search(filter: { any: [{ name: "x" }, { any: [{ phone: "1" }] }] }) }',
    ],
    [
      'a guarded input field in a single value for a list',
      '{ search(filter: { any: { phone: "1" } }) }',
    ],
    [
      'a guarded input field deep in a variable',
      { query: filter, variables: { filter: { any: [{ any: { phone: '1' } }] } } },
    ],
    [
      'a guarded input field by a variable in an object',
      {
        query: 'query ($phone: String) { search(filter: { any: [{ phone: $phone }] }) }',
        variables: { phone: '1' },
      },
    ],
    ['a guarded enum value', '{ search(order: BY_INCOME) }'],
    ['a guarded enum value in an input', '{ search(filter: { order: BY_INCOME }) }'],
    [
      'a guarded enum value in a variable',
      {
        query: 'query ($order: Order!) { search(order: $order) }',
        variables: { order: 'BY_INCOME' },
      },
    ],
    [
      'a guarded enum value in the default of a variable',
      'query ($order: Order! = BY_INCOME) { search(order: $order) }',
    ],
    [
      'a guarded enum value in the default of a variable with the name of a method of objects',
      'query ($constructor: Order! = BY_INCOME) { search(order: $constructor) }',
    ],
    [
      'a guarded enum value deep in a variable',
      { query: filter, variables: { filter: { any: [{ order: 'BY_INCOME' }] } } },
    ],
  ])('%s', async (_case, request) => {
    expect(await outcome(uma, request)).toEqual(['FORBIDDEN']);
    expect(calls.count).toBe(0);
  });

  test.each<[string, string | Request]>([
    [
      'no guarded input',
      '{ search(filter: { name: "x", any: [{ order: OLDEST }] }, order: NEWEST) }',
    ],
    ['guarded input that is skipped', '{ hello search(limit: "1") @skip(if: true) }'],
    [
      'guarded input by a variable that is not sent',
      'query ($phone: String, $drafts: Boolean) { search(filter: { phone: $phone }) me { titles(drafts: $drafts) } }',
    ],
    ['a guarded default of the schema', '{ search(filter: {}) }'],
  ])('but not %s', async (_case, request) => {
    expect(await outcome(uma, request)).toBe('executed');
  });

  test('a guarded input field nested hundreds of times', async () => {
    let deep: object = { phone: '1' };
    for (let depth = 0; depth < 400; depth++) deep = { any: [deep] };
    expect(await outcome(uma, { query: filter, variables: { filter: deep } })).toEqual([
      'FORBIDDEN',
    ]);
  });

  test('for its own role an argument is allowed', async () => {
    expect(await outcome(support, '{ person(id: "ada") { titles(drafts: true) } }')).toBe(
      'executed',
    );
    expect(
      await outcome(admin, '{ search(limit: "1", filter: { phone: "1" }, order: BY_INCOME) }'),
    ).toBe('executed');
  });
});

describe('where the variables do not fit their types', () => {
  const query =
    'query ($id: ID!, $with: Boolean!) { person(id: $id) @include(if: $with) { id } server { version } }';
  const wrong = { id: { not: 'an id' }, with: 'maybe' };

  test('a root field that needs none of them is decided first', async () => {
    const hello = 'query ($limit: String!) { hello search(limit: $limit) }';
    expect(await outcome(ANONYMOUS, { query: hello, variables: { limit: 1 } })).toEqual([
      'UNAUTHENTICATED',
    ]);
    expect(await outcome(client(), { query: hello })).toEqual(['FORBIDDEN']);
  });

  test('a root field that nobody may use is refused whatever they are', async () => {
    const person = 'query ($id: ID!) { person(id: $id) { id } }';
    expect(await outcome(ANONYMOUS, { query: person })).toEqual(['UNAUTHENTICATED']);
    expect(await outcome(uma, { query: person })).toEqual(['BAD_USER_INPUT']);
  });

  test('else the execution reports them', async () => {
    expect(await outcome(ANONYMOUS, { query, variables: wrong })).toEqual([
      'BAD_USER_INPUT',
      'BAD_USER_INPUT',
    ]);
  });
});

test('a refusal has a constant message, a reason, a hint, a place and no data', async () => {
  const answer = await server.execute(uma, { query: 'mutation {\n  rename(name: "x")\n}' });
  expect(answer).toEqual({
    errors: [
      {
        message: 'You are not allowed to do this.',
        locations: [{ line: 2, column: 3 }],
        extensions: {
          code: 'FORBIDDEN',
          reason: 'role',
          hint: 'Ask for a role that allows it; the description in the schema names them.',
        },
      },
    ],
  });
  const anonymous = await server.execute(ANONYMOUS, { query: '{ hello }' });
  expect(anonymous.errors).toMatchObject([
    {
      message: 'Sign in to do this.',
      extensions: { code: 'UNAUTHENTICATED', reason: 'anonymous' },
    },
  ]);
});

describe('as a function', () => {
  function refusals(viewer: Viewer, query: string, explain = false) {
    const document = parse(query);
    const [operation] = document.definitions;
    if (operation?.kind !== 'OperationDefinition') throw new Error('The operation comes first.');
    return refusalsOf({
      schema,
      document,
      operation,
      variables: {},
      viewer,
      explain: () => explain,
    });
  }

  test('it names every refused thing once, as errors that may set the HTTP status', () => {
    const errors = refusals(
      uma,
      '{ a: person(id: "x") { id } b: person(id: "y") { id } search(limit: "1", order: BY_INCOME) }',
      true,
    );
    expect(errors.map(({ extensions }) => (extensions.explain as { at: string }).at)).toEqual([
      'Query.person',
      'Query.search(limit:)',
      'Order.BY_INCOME',
    ]);
    expect(errors.every(({ originalError }) => originalError instanceof ForbiddenError)).toBe(true);
    expect(errors.some(isNestedRefusal)).toBe(false);
  });

  test('an error of another kind is no nested refusal', () => {
    expect(isNestedRefusal(new GraphQLError('other'))).toBe(false);
  });

  test('fragments that spread one another many times are walked once', () => {
    const fragments = Array.from(
      { length: 40 },
      (_, index) =>
        `fragment F${index} on Person { a: notes { author: id } ...F${index + 1} ...F${index + 1} }`,
    );
    const query = `{ me { ...F0 } } ${fragments.join('\n')} fragment F40 on Person { titles(drafts: true) }`;
    expect(refusals(uma, query)).toHaveLength(1);
  });
});

describe('explain', () => {
  const query = '{ person(id: "ada") { id } byScope { title } }';

  test('nobody is told the rule who is not meant to be', async () => {
    const answer = await server.execute(uma, { query });
    expect(answer.errors?.[0]?.extensions).not.toHaveProperty('explain');
  });

  test('whom it is meant for is told the rule, what they have and what is missing', async () => {
    const explaining = serve(schema, (viewer) => viewer.kind === 'person');
    const scoped = person('uma', { roles: [Role.MEMBER], scopes: ['people/read'] });
    const { errors } = await explaining.execute(scoped, { query: '{ byScope { title } }' });
    expect(errors?.[0]?.extensions).toMatchObject({
      reason: 'scope',
      explain: {
        at: 'Query.byScope',
        rule: 'a signed-in person; with scope people/read and people/list, or people/all, which alone admits a machine client',
        has: { kind: 'person', roles: ['MEMBER'], scopes: ['people/read'] },
        missing: 'the scope people/read and people/list, or people/all',
      },
    });
    const other = await explaining.execute(client(), { query });
    expect(other.errors?.[0]?.extensions).not.toHaveProperty('explain');
    await explaining.stop();
  });
});
