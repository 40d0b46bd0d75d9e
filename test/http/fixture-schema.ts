import { setTimeout as sleep } from 'node:timers/promises';
import { ConnectionException } from '@mikro-orm/core';
import { buildSchema, GraphQLError, type GraphQLFieldResolver, type GraphQLSchema } from 'graphql';
import {
  BadUserInputError,
  ConflictError,
  ForbiddenError,
  NotFoundError,
  RateLimitedError,
  UnauthenticatedError,
  UnavailableError,
} from '../../src/errors.js';

/** What no answer and no log line may show. */
export const SECRET = 'ada.secret@example.com';

const definition = `
  enum Role { ADMIN SUPPORT }
  type Query {
    hello: String
    slow(milliseconds: Int!): String
    role(role: Role): String
    twice(number: Int! = 1): Int
    fails(how: String!): String
    mustNotFail(how: String!): String!
    item: Item
    items(first: Int, after: String, last: Int, before: String): ItemConnection!
    setsStatus: String
    refusesBelow: Item!
  }
  type Mutation { touch: String }
  type Item { id: ID! secret: String! parent: Item tags: [Tag!]! costly: Int
    children(first: Int, after: String, last: Int, before: String): ItemConnection! }
  type Tag { name: String! }
  type ItemConnection { edges: [ItemEdge!]! nodes: [Item!]! pageInfo: PageInfo! totalCount: Int! }
  type ItemEdge { node: Item! cursor: String! }
  type PageInfo { hasNextPage: Boolean! endCursor: String }
`;

/** Thrown by the rule below the root of the fixture; see `isNestedRefusal`. */
export class NestedRefusal extends ForbiddenError {}

const failures: Readonly<Record<string, () => Error>> = {
  UNAUTHENTICATED: () => new UnauthenticatedError('Sign in first.', { reason: 'missing' }),
  FORBIDDEN: () => new ForbiddenError('Not for you.', { hint: 'Ask an admin.' }),
  BAD_USER_INPUT: () => new BadUserInputError('That does not fit.'),
  NOT_FOUND: () => new NotFoundError('There is no such thing.'),
  CONFLICT: () => new ConflictError('Not now.'),
  RATE_LIMITED: () => new RateLimitedError('Slow down.', { retryAfter: 17 }),
  UNAVAILABLE: () => new UnavailableError('Out of reach.', { cause: new Error(SECRET) }),
  INTERNAL_SERVER_ERROR: () => new Error(`select * from app_user where email = '${SECRET}'`),
  'a GraphQLError': () => new GraphQLError(SECRET, { extensions: { code: 'BAD_USER_INPUT' } }),
  'a refused connection': () =>
    Object.assign(new Error(`connect ECONNREFUSED ${SECRET}`), { code: 'ECONNREFUSED' }),
  'a shutdown of the database': () =>
    Object.assign(new Error('terminating connection'), { code: '57P01' }),
  'a pool timeout': () => new Error('timeout exceeded when trying to connect'),
  'a connection exception': () => new ConnectionException(new Error(SECRET)),
  'a deeper cause': () =>
    new Error('query failed', { cause: Object.assign(new Error('x'), { code: 'ECONNRESET' }) }),
};

type Resolver = GraphQLFieldResolver<unknown, unknown>;

const fails: Resolver = (_source, { how }) => {
  throw (failures[how] ?? (() => new Error(`no failure ${how}`)))();
};
const page = { edges: [], nodes: [], pageInfo: { hasNextPage: false }, totalCount: 0 };

const resolvers: Readonly<Record<string, Resolver>> = {
  'Query.hello': () => 'world',
  'Query.slow': async (_source, { milliseconds }) => {
    await sleep(milliseconds);
    return 'done';
  },
  'Query.role': (_source, { role }) => role,
  'Query.twice': (_source, { number }) => number * 2,
  'Query.fails': fails,
  'Query.mustNotFail': fails,
  'Query.item': () => ({ id: '1', tags: [], children: page }),
  'Query.items': () => page,
  'Query.setsStatus': () => {
    const http = { status: 418, headers: new Map([['set-cookie', 'session=1']]) };
    throw new GraphQLError('teapot', { extensions: { code: 'FORBIDDEN', http } });
  },
  'Query.refusesBelow': () => ({ id: '1' }),
  'Item.secret': () => {
    throw new NestedRefusal('Not this field.');
  },
  'Mutation.touch': () => 'touched',
};

/** A small schema that fails on demand. */
export function fixtureSchema(): GraphQLSchema {
  const schema = buildSchema(definition);
  for (const [coordinate, resolve] of Object.entries(resolvers)) {
    const [typeName = '', fieldName = ''] = coordinate.split('.');
    const type = schema.getType(typeName);
    const field = type && 'getFields' in type ? type.getFields()[fieldName] : undefined;
    if (field === undefined || !('args' in field)) throw new Error(`no field ${coordinate}`);
    field.resolve = resolve;
  }
  const costly = schema.getType('Item');
  if (costly && 'getFields' in costly) {
    const field = costly.getFields().costly;
    if (field) field.extensions = { complexity: 50 };
  }
  return schema;
}
