import { type HostileDocument, INPUT, many, nest, SYNTAX, VALIDATION } from './hostile-request.js';

/** `auditLog` leads to users, whose accounts have lists. */
const list = (first: number | string) =>
  `auditLog(first: ${first}) { nodes { actor { identities { attributes { name value } } } } }`;
/** Beyond the limits. */
export const LIMIT_DOCUMENTS: readonly HostileDocument[] = [
  [
    'fifteen levels',
    `${VALIDATION} depth`,
    `{ node(id: 1) ${nest('{ ... on User { account ', '} }', 15, '{ poolId }')} }`,
  ],
  ['three hundred levels', `${VALIDATION} depth`, `{ me ${nest('{profile', '}', 300, '{name}')} }`],
  [
    'eleven levels through fragments',
    `${VALIDATION} depth`,
    `{ me { ...F0 } } ${many(10, (index) => `fragment F${index} on User { profile { ...F${index + 1} } }`)} fragment F10 on User { id }`,
  ],
  [
    'sixteen aliases of one field',
    `${VALIDATION} aliases`,
    `{ ${many(16, (index) => `a${index}: __typename`)} }`,
  ],
  [
    'two hundred aliases',
    `${VALIDATION} aliases`,
    `{ ${many(200, (index) => `a${index}: __typename`)} }`,
  ],
  [
    'aliases below one another',
    `${VALIDATION} aliases`,
    `{ me { ${many(16, (index) => `a${index}: profile { name }`)} } }`,
  ],
  [
    'aliases of a fragment spread again and again',
    `${VALIDATION} aliases`,
    `{ me { ${'...F '.repeat(6)} } } fragment F on User { a: id b: id c: id }`,
  ],
  ['twenty-one root fields', `${VALIDATION} root_fields`, `{ ${'__typename '.repeat(21)} }`],
  [
    'root fields of a fragment',
    `${VALIDATION} root_fields`,
    `{ ${'...F '.repeat(7)} } fragment F on Query { me { id } viewer { kind } server { name } }`,
  ],
  [
    'mutations in bulk',
    `${VALIDATION} root_fields`,
    `mutation { ${'signOut { session { id } } '.repeat(21)} }`,
  ],
  ['a page of a page', `${INPUT} cost`, `{ ${list(100)} }`],
  ['a page of two thousand million', `${INPUT} cost`, `{ ${list(2_147_483_647)} }`],
  ['a page by a variable', `${INPUT} cost`, `query ($n: Int) { ${list('$n')} }`, { n: 1000 }],
  ['a page by a default', `${INPUT} cost`, `query ($n: Int = 1000) { ${list('$n')} }`],
  ['a page from both ends', `${INPUT} cost`, `{ users(first: 1, last: 5000) { nodes { id } } }`],
  [
    'a fragment that multiplies the cost',
    `${INPUT} cost`,
    `{ users(first: 100) { nodes { ...F } } } fragment F on User { identities { attributes { name value } } sessions { id } }`,
  ],
  [
    'fragments that double each other',
    `${VALIDATION} depth`,
    `{ me { ...F0 } } ${many(40, (index) => `fragment F${index} on User { a: profile { ...F${index + 1} } b: profile { ...F${index + 1} } }`)} fragment F40 on User { id }`,
  ],
  [
    'fragments that double without fields',
    `${INPUT} cost`,
    `{ me { ...F0 } } ${many(30, (index) => `fragment F${index} on User { ...F${index + 1} ... { ...F${index + 1} } }`)} fragment F30 on User { id }`,
  ],
  ['a thousand fields and one', `${SYNTAX} tokens`, `{ ${'__typename '.repeat(1000)} }`],
  ['ten thousand brackets', SYNTAX, '{'.repeat(10_000)],
  ['a document of commas', SYNTAX, ','.repeat(99_000)],
];
