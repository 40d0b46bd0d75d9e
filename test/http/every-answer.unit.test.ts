import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type FixtureServer, fixtureServer, LIMITS } from './fixture-server.js';

const ORIGIN = 'https://app.example.com';
const POLICY = "default-src 'none';base-uri 'none';form-action 'none';frame-ancestors 'none'";

/** A request as it goes over the wire. */
function sent(line: string, headers: readonly string[] = [], body = ''): string {
  const length = body === '' ? [] : [`Content-Length: ${body.length}`];
  const head = [`${line} HTTP/1.1`, 'Host: localhost', ...headers, ...length, 'Connection: close'];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}
const json = 'Content-Type: application/json';
const asked = (body: string, ...headers: string[]) =>
  sent('POST /graphql', [json, ...headers], body);
const HELLO = '{"query":"{ hello }"}';

const answers: readonly [what: string, request: string, status: number][] = [
  ['an answer', asked(HELLO), 200],
  ['an answer to a page elsewhere', asked(HELLO, `Origin: ${ORIGIN}`), 200],
  ['an answer by GET', sent('GET /graphql?query={hello}', ['Apollo-Require-Preflight: 1']), 200],
  ['the probe of life', sent('GET /livez'), 200],
  ['the probe without its body', sent('HEAD /livez'), 200],
  ['the probe of readiness', sent('GET /readyz'), 200],
  [
    'a preflight',
    sent('OPTIONS /graphql', [`Origin: ${ORIGIN}`, 'Access-Control-Request-Method: POST']),
    204,
  ],
  [
    'a preflight of a page that may not',
    sent('OPTIONS /graphql', ['Origin: https://b.example', 'Access-Control-Request-Method: POST']),
    405,
  ],
  ['what is no preflight', sent('OPTIONS /graphql'), 405],
  ['a token that fails', asked(HELLO, 'Authorization: Bearer bad'), 401],
  ['a document that does not parse', asked('{"query":"{"}'), 400],
  ['a form of another site', sent('GET /graphql?query={hello}'), 400],
  [
    'a mutation by GET',
    sent('GET /graphql?query=mutation{touch}', ['Apollo-Require-Preflight: 1']),
    405,
  ],
  ['a body that is no JSON', asked('{'), 400],
  ['a body that is too large', asked(JSON.stringify({ query: ' '.repeat(LIMITS.bodyBytes) })), 413],
  ['another media type', sent('POST /graphql', ['Content-Type: text/plain'], '{}'), 415],
  ['another method', sent('DELETE /graphql'), 405],
  ['a method of old', sent('TRACE /graphql'), 405],
  ['another path', sent('GET /nowhere'), 404],
  ['a path of many parts', sent('GET /../../etc/passwd'), 404],
  ['an address that cannot be decoded', sent('GET /%zz'), 400],
  ['a host that is none', 'GET /livez HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n', 400],
  ['an expectation', asked(HELLO, 'Expect: a-miracle'), 200],
  ['an upgrade', asked(HELLO, 'Upgrade: websocket'), 200],
  ['a message that is not signed', sent('POST /hooks/pool', [json], '{}'), 401],
  ['a method that the parser does not know', sent('FETCH /graphql'), 400],
  ['no HTTP at all', 'hello\r\n\r\n', 400],
  ['a request without a host', 'GET /livez HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
  ['two lengths', sent('POST /graphql', [json, 'Content-Length: 2', 'Content-Length: 3']), 400],
  [
    'headers that are too large',
    sent('GET /livez', [`X-Padding: ${'a'.repeat(LIMITS.headerBytes)}`]),
    431,
  ],
];

describe.each([true, false])('With production limits %s', (productionLimits) => {
  let server: FixtureServer;
  let port: number;
  beforeAll(async () => {
    server = await fixtureServer({
      productionLimits,
      loopbackOnly: false,
      corsOrigins: [ORIGIN],
      sandbox: productionLimits ? {} : { kind: 'apollo' },
      hooks: { secret: Buffer.alloc(32), take: () => Promise.reject(new Error('is not reached')) },
    });
    port = await server.listen();
  });
  afterAll(() => server.app.close());

  async function answerTo(request: string) {
    const socket = connect({ host: '127.0.0.1', port });
    socket.end(request);
    const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n', 2);
    const [line = '', ...lines] = head.split('\r\n');
    const fields = lines.map((field) => field.split(/: */, 1)[0]?.toLowerCase() ?? '');
    const headers = Object.fromEntries(
      lines.map((field) => [field.split(':', 1)[0]?.toLowerCase(), field.replace(/^[^:]*: */, '')]),
    );
    return { status: Number(line.split(' ')[1]), fields, headers, body };
  }

  const pages: typeof answers = productionLimits
    ? [['a browser, which gets no page', sent('GET /graphql', ['Accept: text/html']), 400]]
    : [['the page of the sandbox', sent('GET /graphql', ['Accept: text/html']), 200]];

  test.each([...answers, ...pages])('%s has every header', async (_what, request, expected) => {
    const { status, fields, headers, body } = await answerTo(request);
    expect(status).toBe(expected);
    expect(headers).toMatchObject({
      'content-security-policy': POLICY,
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
      'x-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(headers['strict-transport-security']).toBe(
      productionLimits ? 'max-age=31536000; includeSubDomains' : undefined,
    );
    expect(headers['access-control-allow-origin']).toBe(
      request.includes(ORIGIN) ? ORIGIN : undefined,
    );
    for (const name of ['server', 'x-powered-by', 'access-control-allow-credentials', 'set-cookie'])
      expect(headers[name]).toBeUndefined();
    // None of them twice, of which a browser may take the first or none.
    expect(fields.filter((name, index) => fields.indexOf(name) !== index)).toEqual([]);
    if (status < 400) return;
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
    expect(JSON.parse(body).errors[0].extensions).toMatchObject({
      code: expect.stringMatching(/^[A-Z_]+$/),
      requestId: headers['x-request-id'],
    });
  });
});
