import { type HostileDocument, many, nest, SYNTAX, VALIDATION } from './hostile-request.js';

/** Within the limits, yet no operations of the schema. */
export const INVALID_DOCUMENTS: readonly HostileDocument[] = [
  ['a fragment that spreads itself', VALIDATION, '{ ...F } fragment F on Query { ...F }'],
  [
    'a ring of fragments',
    VALIDATION,
    `{ ...F0 } ${many(50, (index) => `fragment F${index} on Query { ...F${(index + 1) % 50} }`)}`,
  ],
  [
    'a ring through a field',
    VALIDATION,
    '{ me { ...F } } fragment F on User { account { ...G } } fragment G on Identity { ... { ...F } }',
  ],
  ['an unknown fragment', VALIDATION, '{ ...Nowhere }'],
  [
    'a hundred unused fragments',
    VALIDATION,
    `{ __typename } ${many(100, (index) => `fragment F${index} on User { id }`)}`,
  ],
  ['one directive over and over', VALIDATION, `{ __typename ${'@skip(if: false) '.repeat(140)} }`],
  ['unknown directives', VALIDATION, `{ __typename ${'@x '.repeat(400)} }`],
  [
    'directives on everything',
    VALIDATION,
    `query @a { ... @b { server @c { name @d } } } fragment F on Server @e { name @f }`,
  ],
  ['deferred delivery', VALIDATION, '{ ... @defer { server { name } } }'],
  ['streamed delivery', VALIDATION, '{ groups @stream { name } }'],
  [
    'two hundred operations',
    'OPERATION_RESOLUTION_FAILURE',
    many(200, (index) => `query Q${index} { __typename }`),
  ],
  ['two operations of one name', VALIDATION, 'query Q { __typename } query Q { __typename }'],
  ['a subscription', VALIDATION, 'subscription { server { name } }'],
  ['a type definition', VALIDATION, 'type Query { hello: String }'],
  ['an extension of the schema', VALIDATION, '{ __typename } extend type Query { hello: String }'],
  [
    'fields that contradict each other',
    VALIDATION,
    `{ me { id ${many(15, (index) => `id: ${index % 2 ? 'createdAt' : 'updatedAt'}`)} } }`,
  ],
  [
    'two hundred variables',
    VALIDATION,
    `query (${many(200, (index) => `$v${index}: Int`)}) { __typename }`,
  ],
  ['a variable twice', VALIDATION, 'query ($a: ID!, $a: ID!) { node(id: $a) { id } }'],
  [
    'a variable of lists of lists',
    VALIDATION,
    `query ($a: ${nest('[', ']', 200, 'Int')}) { users(first: $a) { nodes { id } } }`,
  ],
  [
    'a list literal of brackets',
    VALIDATION,
    `{ users(first: ${nest('[', ']', 400, '1')}) { nodes { id } } }`,
  ],
  [
    'an object literal of braces',
    VALIDATION,
    `{ users(filter: ${nest('{a:', '}', 200, '1')}) { nodes { id } } }`,
  ],
  [
    'a number of ten thousand digits',
    VALIDATION,
    `{ users(first: ${'9'.repeat(10_000)}) { nodes { id } } }`,
  ],
  [
    'an enum value that is none',
    VALIDATION,
    '{ users(orderBy: { field: __proto__ }) { nodes { id } } }',
  ],
  [
    'fields called constructor',
    VALIDATION,
    '{ constructor { prototype } __proto__ toString hasOwnProperty }',
  ],
];

/** Not in the language at all. */
export const SYNTAX_FAULTS: readonly HostileDocument[] = [
  ['nothing', 'BAD_REQUEST', ''],
  ['a comment alone', SYNTAX, '# hello'],
  ['a long comment', SYNTAX, `#${'x'.repeat(90_000)}`],
  ['an unterminated string', SYNTAX, '{ node(id: "'],
  ['an unterminated block string', SYNTAX, `{ node(id: """${'\n'.repeat(40_000)}`],
  ['a code point that is none', SYNTAX, '{ node(id: "\\u{110000}") { id } }'],
  ['half a surrogate pair', SYNTAX, '{ node(id: "\\uD800") { id } }'],
  ['a null character', SYNTAX, '{ __typename\u0000 }'],
  ['a right-to-left override', SYNTAX, '{ \u202eemanepyt__ }'],
  ['letters of another alphabet', SYNTAX, '{ ѕerver { name } }'],
  ['SQL', SYNTAX, "'; drop table app_user; --"],
  ['a script', SYNTAX, '<script>alert(1)</script>'],
  ['a template', SYNTAX, '{{7*7}}<%= 7*7 %>'],
];
