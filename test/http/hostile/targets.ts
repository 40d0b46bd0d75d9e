import { type HostileRequest, JSON_TYPE } from './hostile-request.js';

const preflighted = { 'apollo-require-preflight': 'yes' };
const form = { 'content-type': 'application/x-www-form-urlencoded' };
const query = '/graphql?query=%7B__typename%7D';
const mutation = '/graphql?query=mutation%7BsignOut%7Bsession%7Bid%7D%7D%7D';

type Target = readonly [
  what: string,
  status: number,
  method: string,
  target: string,
  headers?: Readonly<Record<string, string>>,
];

const QUERIES: readonly Target[] = [
  ['a mutation by GET', 405, 'GET', mutation, preflighted],
  [
    'a mutation by GET under a query’s name',
    405,
    'GET',
    '/graphql?query=query%20A%7B__typename%7Dmutation%20B%7BsignOut%7Bsession%7Bid%7D%7D%7D&operationName=B',
    preflighted,
  ],
  ['a mutation by GET with a type', 405, 'GET', mutation, JSON_TYPE],
  ['a GET that an image could send', 400, 'GET', query],
  ['a GET that a form could send', 400, 'GET', query, form],
  ['a mutation that an image could send', 400, 'GET', mutation],
  [
    'a GET that only claims to be asked for',
    400,
    'GET',
    query,
    { 'x-requested-with': 'XMLHttpRequest' },
  ],
  ['a GET without a query', 400, 'GET', '/graphql', JSON_TYPE],
  ['a GET with two queries', 400, 'GET', `${query}&query=%7Bme%7Bid%7D%7D`, JSON_TYPE],
  ['a GET with broken variables', 400, 'GET', `${query}&variables=%7B`, JSON_TYPE],
  [
    'a GET with variables twice',
    400,
    'GET',
    `${query}&variables=%7B%7D&variables=%7B%7D`,
    JSON_TYPE,
  ],
  ['a GET with extensions that are no JSON', 400, 'GET', `${query}&extensions=x`, JSON_TYPE],
  [
    'a GET with a persisted query',
    400,
    'GET',
    '/graphql?extensions=%7B%22persistedQuery%22%3A%7B%22version%22%3A1%2C%22sha256Hash%22%3A%22abc%22%7D%7D',
    JSON_TYPE,
  ],
  [
    'introspection by GET',
    400,
    'GET',
    '/graphql?query=%7B__schema%7Btypes%7Bname%7D%7D%7D',
    preflighted,
  ],
  ['a query that is no UTF-8', 400, 'GET', '/graphql?query=%7B__typename%FF%7D', preflighted],
  ['a token in the URL', 400, 'GET', `${query}&access_token=abc`],
  ['a long query by GET', 431, 'GET', `${query}${'%20'.repeat(6000)}`, JSON_TYPE],
];

const METHODS: readonly Target[] = [
  ...['PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS', 'TRACE', 'PROPFIND', 'QUERY'].map(
    (method): Target => [method, 405, method, '/graphql', JSON_TYPE],
  ),
  ['a POST to a probe', 405, 'POST', '/livez'],
  ['CONNECT', 405, 'CONNECT', 'internal.example:443'],
  ['a method that is none', 400, 'GRAPHQL', '/graphql'],
];

const PATHS: readonly Target[] = [
  ['a path that is not there', 404, 'GET', '/admin'],
  ['a path out of the root', 404, 'GET', '/../../etc/passwd'],
  ['a path out of the root, escaped', 404, 'GET', '/%2e%2e/%2e%2e/etc/passwd'],
  ['a path out of the pages', 404, 'GET', '/sandbox/assets/..%2f..%2f..%2fpackage.json'],
  ['a path that is not well-formed', 400, 'GET', '/%zz'],
  ['a path of slashes', 404, 'GET', '//graphql'],
  ['a path with a slash behind', 404, 'POST', '/graphql/'],
  ['a path in capitals', 404, 'POST', '/GRAPHQL'],
  ['a path with a parameter', 404, 'POST', '/graphql;a=b'],
  ['a path with NUL', 404, 'POST', '/graphql%00'],
  ['a long path', 404, 'GET', `/${'a'.repeat(9000)}`],
  ['a path longer than all headers may be', 431, 'GET', `/${'a'.repeat(20_000)}`],
  ['an asterisk', 404, 'OPTIONS', '*'],
  ['metrics', 404, 'GET', '/metrics'],
  ['the local pool', 404, 'GET', '/local-pool'],
  ['a hook that is off', 404, 'POST', '/hooks/pool'],
];

/** Targets and methods, without a body. */
export const TARGETS: readonly HostileRequest[] = [...QUERIES, ...METHODS, ...PATHS].map(
  ([what, status, method, target, headers = {}]) => ({
    what,
    status,
    send: { method, target, headers },
    // An answer to HEAD has no body (RFC 9110, section 9.3.2).
    ...(method === 'HEAD' && { bare: true }),
  }),
);
