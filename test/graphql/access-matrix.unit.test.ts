import { afterAll, expect, test } from '@jest/globals';
import { OperationTypeNode } from 'graphql';
import { Field, ObjectType, Query, Resolver } from 'type-graphql';
import { Authorized } from '../../src/auth/authorized.js';
import { Role } from '../../src/auth/role.js';
import { ANONYMOUS, type Viewer } from '../../src/auth/viewer.js';
import {
  type AccessRow,
  accessMatrix,
  printAccessMatrix,
  scopesNamedIn,
  type ViewerClass,
} from '../../src/graphql/access-matrix.js';
import { buildSchema } from '../../src/graphql/build-schema.js';
import { executeAccessMatrix, type Probe, type Step } from '../support/execute-access-matrix.js';
import { serve } from './authorization/execute.js';
import { schema } from './authorization/fixture.js';
import { client, person } from './authorization/viewers.js';

const server = serve(schema);
afterAll(() => server.stop());

const rows = accessMatrix(schema);

test('every cell of the matrix is what the server does', async () => {
  const observed = await executeAccessMatrix({
    schema,
    rows,
    probe,
    execute: (viewerClass, request) => server.execute(viewerOf(viewerClass), request),
  });
  expect(printAccessMatrix(observed)).toBe(printAccessMatrix(rows));
});

test('the matrix has every operation and everything guarded that one leads to', () => {
  const operations = Object.values(OperationTypeNode).flatMap((operation) => {
    const root = schema.getRootType(operation);
    return Object.keys(root?.getFields() ?? {}).map((field) => `${root?.name}.${field}`);
  });
  expect(
    rows.filter(({ kind }) => kind === 'operation').map(({ coordinate }) => coordinate),
  ).toEqual(operations.sort());
  expect(
    rows.filter(({ kind }) => kind !== 'operation').map(({ coordinate }) => coordinate),
  ).toEqual([
    'Note.id',
    'Note.text',
    'Person.id',
    'Person.income',
    'Person.name',
    'Person.notes',
    'Person.phone',
    'Person.titles',
    'Person.trail',
    'Report.figures',
    'Report.title',
    'Server.report',
    'Person.notes(archived:)',
    'Person.titles(drafts:)',
    'Query.search(limit:)',
    'Filter.phone',
    'Order.BY_INCOME',
  ]);
});

test('a row says who may, by the rule of the object and of the field', () => {
  const phone = rows.find(({ coordinate }) => coordinate === 'Person.phone');
  expect(phone).toEqual({
    coordinate: 'Person.phone',
    kind: 'field',
    rule: 'ADMIN, SUPPORT or MEMBER, or the owner; and of the field: ADMIN or SUPPORT, or the owner; null otherwise',
    access: {
      anonymous: 'no',
      person: 'no',
      owner: 'yes',
      MEMBER: 'null',
      SUPPORT: 'yes',
      ADMIN: 'yes',
      client: 'no',
    },
  });
});

@ObjectType()
class Treasure {
  @Authorized()
  @Field(() => String)
  coins: string = 'many';
}

@Resolver()
class VaultResolver {
  @Authorized({ roles: [Role.ADMIN] })
  @Query(() => Treasure)
  vault(): Treasure {
    return new Treasure();
  }
}

test('what no operation lets a viewer reach is out of reach, whatever its own rule allows', () => {
  const [, coins] = accessMatrix(buildSchema({ resolvers: [VaultResolver] }));
  expect(coins).toMatchObject({
    coordinate: 'Treasure.coins',
    rule: 'a signed-in person',
    access: { person: 'no', SUPPORT: 'no', ADMIN: 'yes' },
  });
});

test('the page has a table for each kind of thing', () => {
  const page = printAccessMatrix(accessMatrix(buildSchema({ resolvers: [VaultResolver] })));
  expect(page.slice(page.indexOf('## '))).toBe(`## By operation

|  | anonymous | person | owner | MEMBER | SUPPORT | ADMIN | client | requires |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
| \`Query.vault\` | no | no | no | no | no | yes | no | ADMIN |

## By field

|  | anonymous | person | owner | MEMBER | SUPPORT | ADMIN | client | requires |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
| \`Treasure.coins\` | no | no | no | no | no | yes | no | a signed-in person |
`);
});

test('an execution that differs in one cell is noticed', async () => {
  const [row] = accessMatrix(buildSchema({ resolvers: [VaultResolver] }));
  if (row === undefined) throw new Error('There is no row.');
  const unguarded = { data: { vault: { __typename: 'Treasure' } } };
  const [observed] = await executeAccessMatrix({
    schema: buildSchema({ resolvers: [VaultResolver] }),
    rows: [row],
    probe: () => ({ steps: [{ field: 'vault' }] }),
    execute: async (viewerClass) =>
      viewerClass === 'anonymous'
        ? { errors: [{ message: '', extensions: { code: 'UNAUTHENTICATED' } }] }
        : unguarded,
  });
  expect(observed?.access).toEqual({ ...allYes, anonymous: 'no' });
  expect(observed).not.toEqual(row);
});

const allYes = {
  anonymous: 'yes',
  person: 'yes',
  owner: 'yes',
  MEMBER: 'yes',
  SUPPORT: 'yes',
  ADMIN: 'yes',
  client: 'yes',
};

const SCOPES = [...scopesNamedIn(schema)];

/** Uma asks about Ada, but for the owner, who asks about herself. */
function viewerOf(viewerClass: ViewerClass): Viewer {
  switch (viewerClass) {
    case 'anonymous':
      return ANONYMOUS;
    case 'client':
      return client({ scopes: ['unheard/of'] });
    case 'person':
    case 'owner':
      return person('uma', { scopes: SCOPES });
    default:
      return person('uma', { scopes: SCOPES, roles: [Role[viewerClass]] });
  }
}

function probe({ kind, coordinate }: AccessRow, viewerClass: ViewerClass): Probe {
  const whom = viewerClass === 'owner' ? 'uma' : 'ada';
  const [type = '', name = ''] = coordinate.split(/[.(]/);
  const thePerson: Step = { field: 'person', args: { id: whom } };
  if (kind === 'operation') return probeOfOperation(type, name, whom);
  switch (coordinate) {
    case 'Person.notes(archived:)':
      return { steps: [thePerson, { field: name, args: { archived: true } }] };
    case 'Person.titles(drafts:)':
      return { steps: [thePerson, { field: name, args: { drafts: true } }] };
    case 'Query.search(limit:)':
      return { steps: [{ field: 'search', args: { limit: '5' } }] };
    case 'Filter.phone':
      return { steps: [{ field: 'search', args: { filter: { phone: '1' } } }] };
    case 'Order.BY_INCOME':
      return { steps: [{ field: 'search', args: { order: 'BY_INCOME' } }] };
  }
  const waysTo: Record<string, Step> = {
    Person: thePerson,
    Note: { field: 'thing', args: { id: `note-of-${whom}` } },
    Report: { field: 'byAnyClient' },
    Server: { field: 'server' },
  };
  const way = waysTo[type];
  if (way === undefined) throw new Error(`No probe leads to ${coordinate}.`);
  return { steps: [way, { field: name, on: type }] };
}

function probeOfOperation(root: string, field: string, whom: string): Probe {
  const args: Record<string, Step['args']> = {
    person: { id: whom },
    thing: { id: whom },
    rename: { name: 'new' },
  };
  const step = { field, args: args[field] ?? {} };
  if (root === 'Mutation' || root === 'Subscription') return { root, steps: [step] };
  return { steps: [step] };
}
