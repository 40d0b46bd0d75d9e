import type { Bytes } from './exchange.js';
import type { HostileRequest } from './hostile-request.js';

const HOST = 'Host: api.example.com';
const TYPE = 'Content-Type: application/json';
const hello = '{"query":"{ __typename }"}';
const LENGTH = `Content-Length: ${hello.length}`;
const CHUNKED = 'Transfer-Encoding: chunked';
const chunk = `${hello.length.toString(16)}\r\n${hello}\r\n0\r\n\r\n`;
const smuggled = 'GET /livez HTTP/1.1\r\nHost: a\r\n\r\n';

const request = (...headers: readonly string[]) =>
  ['POST /graphql HTTP/1.1', 'Connection: close', ...headers, '', ''].join('\r\n');

type Broken = readonly [what: string, bytes: Bytes, status?: number];

const REQUEST_LINES: readonly Broken[] = [
  ['noise', ['\u0000\u0001\u0002\r\n\r\n']],
  ['another protocol', ['SSH-2.0-client\r\n\r\n']],
  ['TLS', [Buffer.from('16030100a5010000a10303', 'hex'), '\r\n\r\n']],
  ['the preface of HTTP/2', ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n']],
  ['an HTTP version that is none', [`GET / HTTP/9.9\r\n${HOST}\r\n\r\n`]],
  ['HTTP/0.9', ['GET /graphql\r\n\r\n']],
  ['no host (HTTP/1.1)', ['GET /livez HTTP/1.1\r\nConnection: close\r\n\r\n']],
  ['no host (HTTP/1.0)', ['GET /livez HTTP/1.0\r\n\r\n']],
  ['a method in small letters', [`get /livez HTTP/1.1\r\n${HOST}\r\n\r\n`]],
  ['a target with a space', [`GET /live z HTTP/1.1\r\n${HOST}\r\n\r\n`]],
  ['a target with a control character', [`GET /live\u0001z HTTP/1.1\r\n${HOST}\r\n\r\n`]],
  ['tabs for spaces', [`GET\t/livez\tHTTP/1.1\r\n${HOST}\r\n\r\n`]],
  ['a request line that does not end', [`GET /${'a'.repeat(40_000)}`], 431],
];

const HEADERS: readonly Broken[] = [
  ['a header without a colon', [`GET /livez HTTP/1.1\r\n${HOST}\r\nnonsense\r\n\r\n`]],
  ['a header without a name', [`GET /livez HTTP/1.1\r\n${HOST}\r\n: a\r\n\r\n`]],
  ['a header of control characters', [request(HOST, TYPE, LENGTH, 'A: \u0001'), hello]],
  ['a header with NUL', [request(HOST, TYPE, LENGTH, 'A: a\u0000b'), hello]],
  ['a header that goes on in the next line', [request(HOST, TYPE, LENGTH, 'A: b', ' c'), hello]],
  ['a space before the colon', [request(HOST, TYPE, `Content-Length : ${hello.length}`), hello]],
  ['lines that end in LF alone', [request(HOST, TYPE, LENGTH).replaceAll('\r\n', '\n'), hello]],
  ['lines that end in CR alone', [request(HOST, TYPE, LENGTH, 'A: b\rC: d'), hello]],
  ['two hosts', [request(HOST, 'Host: evil.example', TYPE, LENGTH), hello]],
  ['the same host twice', [request(HOST, HOST, TYPE, LENGTH), hello]],
  ['a host that is none', [request('Host: a b', TYPE, LENGTH), hello]],
  ['a host with a path', [request('Host: a/b', TYPE, LENGTH), hello]],
  ['an empty host', [request('Host: ', TYPE, LENGTH), hello]],
  ['headers of more than 16 KiB', [request(HOST, `X-Long: ${'x'.repeat(17_000)}`)], 431],
  ['a name of more than 16 KiB', [request(HOST, `${'x'.repeat(17_000)}: a`)], 431],
  ['twenty thousand headers', [request(HOST, ...Array<string>(20_000).fill('A: b'))], 431],
];

/** What two servers in a row could read as two different requests (RFC 9112, sections 6.1, 6.3 and 11.2). */
const SMUGGLING: readonly Broken[] = [
  ['a length and chunks', [request(HOST, TYPE, LENGTH, CHUNKED), chunk]],
  ['chunks and a length', [request(HOST, TYPE, CHUNKED, 'Content-Length: 4'), chunk]],
  ['two lengths', [request(HOST, TYPE, LENGTH, 'Content-Length: 3'), hello]],
  ['one length twice', [request(HOST, TYPE, LENGTH, LENGTH), hello]],
  ['a list of lengths', [request(HOST, TYPE, 'Content-Length: 26, 26'), hello]],
  ['a length with a sign', [request(HOST, TYPE, `Content-Length: +${hello.length}`), hello]],
  ['a negative length', [request(HOST, TYPE, 'Content-Length: -1'), hello]],
  ['a length in hexadecimal digits', [request(HOST, TYPE, 'Content-Length: 0x1a'), hello]],
  ['a length that overflows', [request(HOST, TYPE, `Content-Length: ${'9'.repeat(40)}`), hello]],
  ['an empty length', [request(HOST, TYPE, 'Content-Length: '), hello]],
  ['chunks twice', [request(HOST, TYPE, CHUNKED, CHUNKED), chunk]],
  ['chunks that come first', [request(HOST, TYPE, 'Transfer-Encoding: chunked, gzip'), chunk]],
  ['another coding', [request(HOST, TYPE, 'Transfer-Encoding: gzip'), hello]],
  ['a coding that is nearly chunked', [request(HOST, TYPE, 'Transfer-Encoding: xchunked'), chunk]],
  ['chunked in quotes', [request(HOST, TYPE, 'Transfer-Encoding: "chunked"'), chunk]],
  [
    'chunked behind a tab and NUL',
    [request(HOST, TYPE, 'Transfer-Encoding:\tchunked\u0000'), chunk],
  ],
  ['chunked in the next line', [request(HOST, TYPE, 'Transfer-Encoding:', ' chunked'), chunk]],
  ['a chunk that is none', [request(HOST, TYPE, CHUNKED), 'zz\r\n{}\r\n']],
  ['a chunk of a negative size', [request(HOST, TYPE, CHUNKED), '-1\r\n{}\r\n']],
  ['a chunk whose size overflows', [request(HOST, TYPE, CHUNKED), `${'F'.repeat(17)}\r\n{}\r\n`]],
  [
    'a chunk that is longer than it says',
    [request(HOST, TYPE, CHUNKED), `2\r\n${hello}\r\n0\r\n\r\n`],
  ],
  [
    'chunks whose lines end in LF alone',
    [request(HOST, TYPE, CHUNKED), chunk.replaceAll('\r\n', '\n')],
  ],
  [
    'a chunk with an extension of 20 kB',
    [request(HOST, TYPE, CHUNKED), `1;${'x'.repeat(20_000)}\r\n{\r\n`],
  ],
  [
    'chunks of more than 100 kB',
    [request(HOST, TYPE, CHUNKED), `${`fff\r\n${' '.repeat(0xfff)}\r\n`.repeat(30)}0\r\n\r\n`],
    413,
  ],
  [
    'trailers of more than 16 KiB',
    [request(HOST, TYPE, CHUNKED), `0\r\nA: ${'x'.repeat(20_000)}\r\n\r\n`],
    431,
  ],
  ['a body that says it is too large', [request(HOST, TYPE, 'Content-Length: 100001'), '{'], 413],
  [
    'a second request behind a refused one',
    [request(HOST, TYPE, 'Content-Length: 2', 'Content-Length: 3'), `{}${smuggled}`],
  ],
];

/** Bytes that are no request, or one that may be read in several ways. */
export const BROKEN_BYTES: readonly HostileRequest[] = [
  ...REQUEST_LINES,
  ...HEADERS,
  ...SMUGGLING,
].map(([what, send, status = 400]) => ({ what, send, status }));
