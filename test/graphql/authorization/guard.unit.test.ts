import { afterAll, describe, expect, test } from '@jest/globals';
import { type ExecutionResult, GraphQLError, graphql, parse, subscribe } from 'graphql';
import { Role } from '../../../src/auth/role.js';
import { ANONYMOUS, type Viewer } from '../../../src/auth/viewer.js';
import { isNestedRefusal } from '../../../src/graphql/authorization/index.js';
import { serve } from './execute.js';
import { calls, schema } from './fixture.js';
import { client, person } from './viewers.js';

const server = serve(schema);
afterAll(() => server.stop());

const uma = person('uma');
const member = person('mia', { roles: [Role.MEMBER] });
const support = person('sam', { roles: [Role.SUPPORT] });
const admin = person('ada', { roles: [Role.ADMIN] });
const ada = person('ada');

/** The data, and where fields were refused. */
async function executed(viewer: Viewer, query: string) {
  const { data, errors = [] } = await server.execute(viewer, { query });
  const refused = errors.map(({ path, extensions }) => `${path?.join('.')} ${extensions?.reason}`);
  return { data, refused };
}

describe('an object that the viewer may not see', () => {
  test('is refused where a field returns it', async () => {
    expect(await executed(uma, '{ thing(id: "ada") { id } }')).toEqual({
      data: { thing: null },
      refused: ['thing role'],
    });
  });

  test('is refused where nothing but its type is asked for', async () => {
    expect(await executed(uma, '{ thing(id: "ada") { __typename } }')).toEqual({
      data: { thing: null },
      refused: ['thing role'],
    });
  });

  test('is refused at its place in a list, beside those that are seen', async () => {
    expect(await executed(uma, '{ peopleOrNull { name } }')).toEqual({
      data: { peopleOrNull: [null, { name: 'Uma' }] },
      refused: ['peopleOrNull.0 role'],
    });
  });

  test('takes with it what cannot be null, also through promises', async () => {
    expect(await executed(uma, '{ people { name } }')).toEqual({
      data: null,
      refused: ['people.0 role'],
    });
  });

  test('is null without an error where its rule says so, through a connection of promises', async () => {
    expect(await executed(uma, '{ notes { nodes { text } } }')).toEqual({
      data: { notes: { nodes: [null, { text: 'by Uma' }] } },
      refused: [],
    });
  });

  test('is judged by its own type behind an interface', async () => {
    const query = '{ things { __typename id } }';
    expect(await executed(uma, query)).toEqual({
      data: {
        things: [
          null,
          null,
          { __typename: 'Person', id: 'uma' },
          { __typename: 'Note', id: 'note-of-uma' },
        ],
      },
      refused: ['things.0 role'],
    });
    expect(await executed(member, query)).toMatchObject({
      data: { things: [{ id: 'ada' }, null, { id: 'uma' }, null] },
      refused: [],
    });
    expect((await executed(admin, query)).data?.things).toHaveLength(4);
  });

  test('is judged by its own type in a union', async () => {
    const query = '{ found { ... on Person { id } ... on Report { title } } }';
    expect(await executed(uma, query)).toMatchObject({ refused: [] });
    expect(await executed(ada, query)).toEqual({
      data: { found: null },
      refused: ['found.0 role'],
    });
  });
});

describe('a field that the viewer may not see', () => {
  test('is a field error', async () => {
    expect(await executed(uma, '{ me { name income } }')).toEqual({
      data: { me: { name: 'Uma', income: null } },
      refused: ['me.income role'],
    });
  });

  test('is null without an error where its rule says so', async () => {
    const query = '{ person(id: "ada") { name phone } }';
    expect(await executed(member, query)).toEqual({
      data: { person: { name: 'Ada', phone: null } },
      refused: [],
    });
    expect(await executed(support, query)).toMatchObject({
      data: { person: { phone: '+351210000000' } },
    });
  });

  test('is seen by the owner of the object', async () => {
    expect(await executed(uma, '{ me { phone notes { text } } }')).toEqual({
      data: { me: { phone: '+351210000000', notes: [{ text: 'by Uma' }] } },
      refused: [],
    });
  });

  test('is refused under its alias and through an interface', async () => {
    expect(await executed(uma, '{ thing(id: "uma") { ... on Person { pay: income } } }')).toEqual({
      data: { thing: { pay: null } },
      refused: ['thing.pay role'],
    });
  });

  test('needs its scopes of people too', async () => {
    expect(await executed(uma, '{ me { trail } }')).toMatchObject({ refused: ['me.trail scope'] });
    const scoped = person('uma', { scopes: ['audit/all'] });
    expect(await executed(scoped, '{ me { trail } }')).toEqual({
      data: { me: { trail: 'signed in' } },
      refused: [],
    });
  });

  test('on a public type is refused to an anonymous viewer', async () => {
    expect(await executed(ANONYMOUS, '{ server { version report { __typename } } }')).toEqual({
      data: { server: { version: '1', report: null } },
      refused: ['server.report anonymous'],
    });
  });

  test('obeys a rule that came with the configuration', async () => {
    expect(await executed(client(), '{ byAnyClient { title figures } }')).toMatchObject({
      refused: [],
    });
    expect(await executed(uma, '{ byAnyClient { title } }')).toMatchObject({ refused: [] });
  });
});

describe('a refusal during execution', () => {
  const execute = (viewer: Viewer, source: string): Promise<ExecutionResult> =>
    graphql({ schema, source, contextValue: { viewer } });

  test('is told apart from one before it, also when it is wrapped again', async () => {
    const { errors = [] } = await execute(uma, '{ me { income } thing(id: "ada") { id } }');
    expect(errors.map(isNestedRefusal)).toEqual([true, true]);
    const [error] = errors;
    expect(isNestedRefusal(new GraphQLError('wrapped', { originalError: error }))).toBe(true);
  });

  test.each<[string, Viewer, string]>([
    ['a root field', ANONYMOUS, '{ hello }'],
    ['a root field of another person', uma, '{ person(id: "ada") { id } }'],
    ['a mutation', uma, 'mutation { rename(name: "x") }'],
  ])('refuses %s where the plugin is not installed', async (_case, viewer, source) => {
    calls.count = 0;
    const { errors = [] } = await execute(viewer, source);
    expect(errors.map(isNestedRefusal)).toEqual([true]);
    expect(calls.count).toBe(0);
  });

  test('refuses a subscription before it subscribes', async () => {
    const document = parse('subscription { ticks }');
    const refused = await subscribe({ schema, document, contextValue: { viewer: uma } });
    expect(refused).toMatchObject({ errors: [{ message: 'You are not allowed to do this.' }] });
    const accepted = await subscribe({ schema, document, contextValue: { viewer: support } });
    expect(accepted).not.toHaveProperty('errors');
  });

  test('is explained only to whom it is meant', async () => {
    const query = '{ me { name } person(id: "uma") { trail } }';
    const told = await server.execute(admin, { query });
    expect(told.errors?.[0]?.extensions).toMatchObject({
      code: 'FORBIDDEN',
      explain: { at: 'Person.trail', has: { kind: 'person', roles: ['ADMIN'], scopes: [] } },
    });
    const untold = await server.execute(support, { query: '{ person(id: "uma") { trail } }' });
    expect(untold.errors?.[0]?.extensions).toEqual({
      code: 'FORBIDDEN',
      reason: 'scope',
      hint: expect.any(String),
    });
  });
});
