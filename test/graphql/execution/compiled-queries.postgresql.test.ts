import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  type ExecutionResult,
  execute,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  parse,
  validate,
} from 'graphql';
import { apiSchema } from '../../../src/app.js';
import type { AccessToken } from '../../../src/auth/access-token.js';
import { Role } from '../../../src/auth/role.js';
import { ANONYMOUS, type Viewer } from '../../../src/auth/viewer.js';
import { viewersOf } from '../../../src/directory/index.js';
import { rowRulesOf } from '../../../src/graphql/authorization/index.js';
import { CompiledQueries, loadCompiler } from '../../../src/graphql/execution/compiled-queries.js';
import { RequestContext } from '../../../src/request/context.js';
import { startApi, type TestApi } from '../../support/api.js';
import { randomQuery } from './random-query.js';

let api: TestApi;
let schema: GraphQLSchema;
let ids: Readonly<Record<'ada' | 'uma' | 'adaSubject' | 'umaSubject', string>>;

beforeAll(async () => {
  await loadCompiler();
  api = await startApi();
  const { config, orm } = api.server.app;
  schema = apiSchema(config);
  // As a start does: what is refused until then is the viewer's own `me` as well.
  rowRulesOf(schema).assertResolvable(orm.getMetadata());
  const idOf = async (email: string) => {
    const { data } = await (await api.as(email)).execute('{ me { id account { subject } } }');
    return { id: data.me.id, subject: data.me.account.subject };
  };
  const ada = await idOf('ada@example.com');
  const uma = await idOf('uma@example.com');
  ids = { ada: ada.id, adaSubject: ada.subject, uma: uma.id, umaSubject: uma.subject };
});
afterAll(() => api.close());

function operationOf(text: string) {
  const document = parse(text);
  // Fields of two types that cannot be merged.
  fc.pre(validate(schema, document).length === 0);
  // The only definition of that kind.
  const operation = document.definitions.find(
    ({ kind }) => kind === Kind.OPERATION_DEFINITION,
  ) as OperationDefinitionNode;
  return { document, operation };
}

/** What may be another from one execution to the next. */
const EVER_CHANGING = [
  'Query.poolCalls',
  'Query.poolDrift',
  'Identity.lastSeenAt',
  'Session.lastSeenAt',
];

const WHO = ['an administrator', 'a person without a role', 'a stranger'] as const;

const ORIGIN = { ip: '127.0.0.1', userAgent: undefined };

/** As a request's viewer is made, with other roles than the token's. */
async function viewerOf(who: (typeof WHO)[number]): Promise<Viewer> {
  if (who === 'a stranger') return ANONYMOUS;
  const isAdmin = who === 'an administrator';
  const token: AccessToken = {
    kind: 'person',
    poolId: api.poolId,
    clientId: api.clientId,
    subject: isAdmin ? ids.adaSubject : ids.umaSubject,
    username: 'ada',
    originJti: undefined,
    groups: [],
    scopes: [],
    issuedAt: 1,
    authTime: 1,
    expiresAt: 2_000_000_000,
  };
  const viewer = await viewersOf(api.server.app).viewerOf(token, ORIGIN);
  return Object.assign(viewer, { roles: new Set(isAdmin ? [Role.ADMIN] : []) });
}

function contextOf(viewer: Viewer): RequestContext {
  const { app } = api.server;
  const viewers = viewersOf(app);
  const known = { requestId: 'x', viewer, origin: ORIGIN, app };
  return new RequestContext(known, (of) => viewers.entityManagerOf(of));
}

/** As text, in which the order of fields shows; of an error what formatting looks at. */
function shown({ data, errors = [] }: ExecutionResult) {
  const faults = errors.map(({ message, path, locations, extensions = {}, originalError }) => ({
    message,
    path,
    locations,
    extensions,
    thrown: originalError?.constructor.name,
  }));
  const byPlace = faults.map((fault) => JSON.stringify(fault)).sort();
  return { data: JSON.stringify(data), errors: byPlace };
}

/** Whether an error stands deeper than the null that it led to. */
function isTakenAway({ data, errors = [] }: ExecutionResult): boolean {
  return errors.some(({ path = [] }) => {
    let value: unknown = data;
    for (const key of path.slice(0, -1)) {
      if (typeof value !== 'object' || value === null) return true;
      value = Reflect.get(value, key);
    }
    return value === null || value === undefined;
  });
}

async function compare(text: string, viewer: Viewer): Promise<void> {
  const { document, operation } = operationOf(text);
  const run = new CompiledQueries(schema, 1).of(document, operation);
  if (run === undefined) throw new Error('It was not compiled.');
  const expected = await execute({ schema, document, contextValue: contextOf(viewer) });
  const compiled = await run(contextOf(viewer), {});
  const [ours, theirs] = [shown(compiled), shown(expected)];
  // Both at once, so that a failure shows the errors that led to it.
  expect(ours).toEqual({ data: theirs.data, errors: expect.arrayContaining(theirs.errors) });
  // Where an error has taken away what is around it, either may go on or not (GraphQL, section 6.4.4).
  if (!isTakenAway(expected)) expect(ours.errors).toEqual(theirs.errors);
}

describe('a compiled query answers as graphql-js does', () => {
  test.each(WHO)('to %s, whatever is asked', async (who) => {
    const viewer = await viewerOf(who);
    const uuid = '"0192f0c1-0000-7000-8000-000000000000"';
    const literals = {
      id: [JSON.stringify(ids.ada), JSON.stringify(ids.uma), uuid, '"none"'],
      subject: [JSON.stringify(ids.adaSubject), '"none"'],
      first: ['1', '3', '0', '101'],
      last: ['2'],
      after: ['"made up"'],
      by: ['EMAIL', 'PHONE_NUMBER'],
      names: ['["email"]', '[]'],
    };
    const query = randomQuery(schema, { literals, except: EVER_CHANGING });
    await api.allowingRepeats('aliases ask the same again and again', () =>
      fc.assert(
        fc.asyncProperty(query, (text) => compare(text, viewer)),
        { numRuns: 40 },
      ),
    );
  });
});

test('a query is compiled when it has come some times, a mutation or what has directives never', () => {
  const queries = new CompiledQueries(schema, 3);
  const often = operationOf('{ server { name } }');
  const seldom = operationOf('{ server { version } }');
  const conditional = operationOf('{ server { name @skip(if: false) } }');
  const mutation = operationOf('mutation { refreshMyProfile { user { id } } }');
  const isCompiled = ({ document, operation }: ReturnType<typeof operationOf>) =>
    queries.of(document, operation) !== undefined;
  expect([1, 2, 3, 4].map(() => isCompiled(often))).toEqual([false, false, true, true]);
  expect([1, 2].map(() => isCompiled(seldom))).toEqual([false, false]);
  expect([1, 2, 3, 4].map(() => isCompiled(conditional))).toEqual([false, false, false, false]);
  expect([1, 2, 3, 4].map(() => isCompiled(mutation))).toEqual([false, false, false, false]);
});

test('over HTTP the answers stay the same when a query has been compiled, also those to variables that do not fit', async () => {
  const ada = await api.as('ada@example.com');
  const query =
    'query ($id: ID!, $first: Int) { user(id: $id) { id } users(first: $first) { nodes { id } } }';
  const ask = async (variables: Record<string, unknown>) => {
    const { status, data, errors = [] } = await ada.execute(query, variables);
    const faults = errors.map(({ message, path, locations, extensions }) => ({
      ...{ message, path, locations },
      code: extensions?.code,
    }));
    return { status, data, faults };
  };
  const given = [
    { id: ids.uma, first: 2 },
    { id: 'none' },
    { first: 1 },
    { id: ids.uma, first: 'x' },
  ];
  const before = await Promise.all(given.map(ask));
  for (let times = 0; times < 12; times++) await ask({ id: ids.ada, first: 1 });
  expect(await Promise.all(given.map(ask))).toEqual(before);
  expect(before.map(({ status }) => status)).toEqual([200, 200, 400, 400]);
});
