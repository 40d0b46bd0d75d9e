import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { type HostileRequest, JSON_TYPE, nest } from './hostile-request.js';

const hello = '{"query":"{ __typename }"}';
const form = 'application/x-www-form-urlencoded';
const zeros = gzipSync(Buffer.alloc(10_000_000));

type Body = readonly [
  what: string,
  status: number,
  body: string | Buffer,
  headers?: Readonly<Record<string, string>>,
  forStrangers?: string,
];

const SHAPES: readonly Body[] = [
  ['an array of operations', 400, `[${hello},${hello}]`],
  ['an array of one', 400, `[${hello}]`],
  ['an empty array', 400, '[]'],
  ['a text', 400, '"query"'],
  ['null', 400, 'null'],
  ['a number', 400, '1'],
  ['an empty object', 400, '{}'],
  ['an empty body', 400, ''],
  ['a query that is an object', 400, '{"query":{"kind":"Document"}}'],
  ['a query that is an array', 400, '{"query":["{ __typename }"]}'],
  ['a query that is null', 400, '{"query":null}'],
  ['variables that are a text', 400, '{"query":"{ __typename }","variables":"{}"}'],
  ['variables that are an array', 400, '{"query":"{ __typename }","variables":[1]}'],
  ['extensions that are a number', 400, '{"query":"{ __typename }","extensions":1}'],
  ['an operation name that is an array', 400, '{"query":"{ __typename }","operationName":["a"]}'],
  ['an operation that is not there', 400, '{"query":"query A { __typename }","operationName":"B"}'],
  [
    'an operation called __proto__',
    400,
    '{"query":"query A { __typename }","operationName":"__proto__"}',
  ],
  [
    'several operations and no name',
    400,
    '{"query":"query A { __typename } query B { __typename }"}',
  ],
  [
    'a long operation name',
    400,
    JSON.stringify({ query: '{ __typename }', operationName: 'x'.repeat(90_000) }),
  ],
  ['a persisted query', 400, '{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"abc"}}}'],
  [
    'variables that are deep',
    400,
    `{"query":"query($i:ID!){user(id:$i){id}}","variables":{"i":${nest('[', ']', 40_000, '1')}}}`,
    {},
    '401',
  ],
  ['a body of brackets', 400, nest('[', ']', 49_000, '')],
];

const JSON_FAULTS: readonly Body[] = [
  ['broken JSON', 400, '{"query": "{ __typename }"'],
  ['JSON with something behind', 400, `${hello}{}`],
  ['JSON with a comment', 400, `${hello}//`],
  ['single quotes', 400, "{'query':'{ __typename }'}"],
  ['NaN', 400, '{"query":"{ __typename }","variables":{"a":NaN}}'],
  ['a __proto__', 400, '{"query":"{ __typename }","__proto__":{"admin":true}}'],
  [
    'a __proto__ that is escaped',
    400,
    '{"query":"{ __typename }","\\u005f_proto__":{"admin":true}}',
  ],
  [
    'a __proto__ in the variables',
    400,
    '{"query":"{ __typename }","variables":{"__proto__":{"a":1}}}',
  ],
  [
    'a constructor with a prototype',
    400,
    '{"query":"{ __typename }","variables":{"constructor":{"prototype":{"a":1}}}}',
  ],
  [
    'two queries',
    400,
    '{"query":"{ __typename }","query":"mutation { signOut { session { id } } }"}',
  ],
  ['two queries, one escaped', 400, '{"query":"{ __typename }","\\u0071uery":"{ me { id } }"}'],
  ['a variable given twice', 400, '{"query":"{ __typename }","variables":{"a":1,"a":2}}'],
  ['invalid UTF-8', 400, Buffer.from('{"query":"{ __typename } # \xff"}', 'latin1')],
  ['an overlong letter', 400, Buffer.from('{"query":"{ __typename } # \xc0\xaf"}', 'latin1')],
  [
    'half a surrogate pair in UTF-8',
    400,
    Buffer.from('{"query":"{ __typename } # \xed\xa0\x80"}', 'latin1'),
  ],
  ['UTF-8 that is cut off', 400, Buffer.from('{"query":"{ __typename } # \xe2\x82"}', 'latin1')],
  ['UTF-16', 400, Buffer.from(hello, 'utf16le')],
  [
    'UTF-16 that says so',
    415,
    Buffer.from(hello, 'utf16le'),
    { 'content-type': 'application/json; charset=utf-16' },
  ],
  [
    'UTF-7',
    415,
    '{"query":"+AHs- __typename +AH0-"}',
    { 'content-type': 'application/json; charset=utf-7' },
  ],
  ['Latin-1', 415, hello, { 'content-type': 'application/json; charset="iso-8859-1"' }],
  [
    'two charsets',
    415,
    hello,
    { 'content-type': 'application/json; charset=utf-8; charset=utf-7' },
  ],
  ['gzip', 415, gzipSync(hello), { 'content-encoding': 'gzip' }],
  ['deflate', 415, deflateSync(hello), { 'content-encoding': 'deflate' }],
  ['Brotli', 415, brotliCompressSync(hello), { 'content-encoding': 'br' }],
  ['gzip twice', 415, gzipSync(gzipSync(hello)), { 'content-encoding': 'gzip, gzip' }],
  ['ten million zeros, compressed', 415, zeros, { 'content-encoding': 'gzip' }],
  ['JSON that says it is compressed', 415, hello, { 'content-encoding': 'gzip' }],
  ['an encoding that is unknown', 415, hello, { 'content-encoding': 'x-own' }],
];

/** What a page elsewhere can make a browser send without asking first (Fetch, "CORS-safelisted request-header"). */
const SIMPLE: readonly Body[] = [
  ['a form', 415, 'query=%7B__typename%7D', { 'content-type': form }],
  ['a form of JSON', 415, `${hello}=`, { 'content-type': form }],
  ['plain text', 415, hello, { 'content-type': 'text/plain' }],
  [
    'plain text that says JSON behind',
    415,
    hello,
    { 'content-type': 'text/plain; application/json' },
  ],
  ['a multipart upload', 415, '--x--', { 'content-type': 'multipart/form-data; boundary=x' }],
  [
    'an upload by the multipart specification',
    415,
    '--x\r\nContent-Disposition: form-data; name="operations"\r\n\r\n{}\r\n--x--',
    { 'content-type': 'multipart/form-data; boundary=x' },
  ],
  ['no content type', 415, hello, { 'content-type': '' }],
];

const TYPES: readonly Body[] = [
  ['XML', 415, '<query/>', { 'content-type': 'application/xml' }],
  ['a query in its own type', 415, '{ __typename }', { 'content-type': 'application/graphql' }],
  ['a content type that is none', 415, '{}', { 'content-type': '///' }],
  ['a content type that goes on', 415, hello, { 'content-type': 'application/json-seq' }],
  ['two content types', 415, hello, { 'content-type': 'application/json, text/plain' }],
  [
    'a content type of eight thousand letters',
    415,
    hello,
    { 'content-type': `application/${'x'.repeat(8000)}` },
  ],
  [
    'a body of more than 100 kB',
    413,
    JSON.stringify({ query: '{ __typename }', variables: { a: 'x'.repeat(100_000) } }),
  ],
  ['a body of a megabyte', 413, Buffer.alloc(1_000_000, ' ')],
  ['an accepted type that is not ours', 406, hello, { accept: 'text/csv' }],
  ['an incremental answer alone', 406, hello, { accept: 'multipart/mixed' }],
];

/** Bodies of POST. */
export const BODIES: readonly HostileRequest[] = [
  ...SHAPES,
  ...JSON_FAULTS,
  ...SIMPLE,
  ...TYPES,
].map(([what, status, body, headers, forStrangers]) => ({
  what,
  status,
  send: { headers: { ...JSON_TYPE, ...headers }, body },
  ...(forStrangers !== undefined && { forStrangers }),
}));
