import { type HostileDocument, INPUT } from './hostile-request.js';

/** Good operations with arguments and variables that are not. */
export const VALUES: readonly HostileDocument[] = [
  [
    'a variable that is long',
    INPUT,
    'query ($n: Int!) { users(first: $n) { nodes { id } } }',
    { n: 'x'.repeat(80_000) },
  ],
  [
    'a number beyond integers',
    INPUT,
    'query ($n: Int!) { users(first: $n) { nodes { id } } }',
    { n: 1e308 },
  ],
  [
    'a fraction of a page',
    INPUT,
    'query ($n: Int!) { users(first: $n) { nodes { id } } }',
    { n: 0.5 },
  ],
  ['a negative page', `${INPUT} page_size`, '{ users(first: -1) { nodes { id } } }'],
  [
    'an id of ninety thousand letters',
    `${INPUT} uuid`,
    'mutation ($i: EndSessionInput!) { endSession(input: $i) { actionId } }',
    { i: { id: 'x'.repeat(90_000) } },
  ],
  [
    'an id that is an object',
    INPUT,
    'query ($id: ID!) { user(id: $id) { id } }',
    { id: { $ne: null } },
  ],
  [
    'an id that is SQL',
    `${INPUT} uuid`,
    'mutation ($i: EndSessionInput!) { endSession(input: $i) { actionId } }',
    { i: { id: "' or true --" } },
  ],
  [
    'a filter with unknown fields',
    `${INPUT} variables`,
    'query ($f: UserFilter) { users(filter: $f) { nodes { id } } }',
    { f: Object.fromEntries(Array.from({ length: 1000 }, (_value, index) => [`f${index}`, 1])) },
  ],
  [
    'a list of ten thousand ids',
    `${INPUT} bulk_size`,
    'mutation ($i: DeleteUsersInput!) { deleteUsers(input: $i) { done } }',
    { i: { reason: 'a test', ids: Array.from({ length: 10_000 }, (_value, index) => `${index}`) } },
  ],
  ['a cursor that is forged', `${INPUT} cursor`, '{ users(after: "AAAA") { nodes { id } } }'],
  [
    'a cursor of ninety thousand letters',
    `${INPUT} cursor`,
    'query ($c: String) { users(after: $c) { nodes { id } } }',
    { c: 'x'.repeat(90_000) },
  ],
  [
    'a search of wildcards',
    `${INPUT} search_term`,
    '{ users(filter: { search: "%_" }) { nodes { id } } }',
  ],
  [
    'a search that is long',
    `${INPUT} search_term`,
    'query ($s: String) { users(filter: { search: $s }) { nodes { id } } }',
    { s: '%'.repeat(90_000) },
  ],
  [
    'a variable called __proto__',
    INPUT,
    'query ($f: UserFilter) { users(filter: $f) { nodes { id } } }',
    JSON.parse('{"f":{"toString":1}}'),
  ],
];
