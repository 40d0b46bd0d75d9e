import { type HostileDocument, nest, VALIDATION } from './hostile-request.js';

const type = '{ kind ofType '.repeat(7);
/** Asks what the schema holds. */
export const INTROSPECTION: readonly HostileDocument[] = [
  ['introspection', VALIDATION, '{ __schema { types { name } } }'],
  ['introspection of one type', VALIDATION, '{ __type(name: "User") { fields { name } } }'],
  ['introspection behind an alias', VALIDATION, '{ server: __schema { queryType { name } } }'],
  [
    'introspection in a fragment',
    VALIDATION,
    '{ ...F } fragment F on Query { __schema { directives { name } } }',
  ],
  [
    'introspection in an inline fragment',
    VALIDATION,
    '{ ... { ... on Query { __type(name: "Query") { name } } } }',
  ],
  [
    'introspection beside a good field',
    VALIDATION,
    '{ server { name } __schema { types { name } } }',
  ],
  [
    'introspection that is skipped',
    VALIDATION,
    '{ __typename __schema @skip(if: true) { types { name } } }',
  ],
  [
    'introspection by a variable',
    VALIDATION,
    'query ($n: String!) { __type(name: $n) { name } }',
    { n: 'User' },
  ],
  ['introspection of a mutation', VALIDATION, 'mutation { __schema { types { name } } }'],
  ['introspection below a field', VALIDATION, '{ server { __schema { types { name } } } }'],
  ['introspection of enum values', VALIDATION, '{ __type(name: "Role") { enumValues { name } } }'],
  [
    'introspection lists within each other',
    VALIDATION,
    `{ __schema { types ${nest('{fields{type', '}}', 20, '{name}')} } }`,
  ],
  [
    'introspection of deep types',
    VALIDATION,
    `{ __type(name: "User") { fields { type ${type} { name } ${' }'.repeat(7)} } } }`,
  ],
  ['a service document', VALIDATION, '{ _service { sdl } }'],
  [
    'entities of a federation',
    VALIDATION,
    'query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }',
    { r: [{ __typename: 'User' }] },
  ],
];
