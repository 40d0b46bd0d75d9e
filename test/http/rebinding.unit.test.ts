import { DescribeUserPoolClientCommand } from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { SEEDED_PASSWORD } from '../../src/local-pool/index.js';
import { startApi, type TestApi } from '../support/api.js';
import { testDatabase } from '../support/database.js';
import { exchange, type RawAnswer } from './hostile/exchange.js';

type Request = readonly [what: string, lines: readonly string[], target?: string];

/** What a page elsewhere, or whoever stands in front, could say of where a request goes. */
const FOREIGN_HOSTS: readonly Request[] = [
  ['a name', ['Host: evil.example']],
  ['a name with the port', ['Host: evil.example:PORT']],
  ['a name that ends in localhost', ['Host: evil-localhost']],
  ['a name below localhost', ['Host: evil.localhost']],
  ['localhost in front of a name', ['Host: localhost.evil.example:PORT']],
  ['an address in front of a name', ['Host: 127.0.0.1.evil.example:PORT']],
  ['a name that resolves to an address', ['Host: 127.0.0.1.nip.io']],
  ['a trailing dot', ['Host: localhost.:PORT']],
  ['an address with a trailing dot', ['Host: 127.0.0.1.']],
  ['the address of every interface', ['Host: 0.0.0.0:PORT']],
  ['an address of the network', ['Host: 192.168.1.10:PORT']],
  ['an address by a decimal number', ['Host: 2130706433:PORT']],
  ['an address in hexadecimal digits', ['Host: 0x7f000001:PORT']],
  ['an address in octal digits', ['Host: 0177.0.0.1']],
  ['an address in two parts', ['Host: 127.1']],
  ['an address that is too long', ['Host: 127.0.0.1.1']],
  ['IPv6 of every interface', ['Host: [::]:PORT']],
  ['IPv6 that maps IPv4', ['Host: [::ffff:127.0.0.1]:PORT']],
  ['IPv6 in full', ['Host: [0:0:0:0:0:0:0:1]']],
  ['IPv6 with a zone', ['Host: [::1%25lo]']],
  ['IPv6 without brackets', ['Host: ::1']],
  ['a user in front', ['Host: localhost@evil.example']],
  ['a user behind', ['Host: evil.example@localhost']],
  ['two ports', ['Host: localhost:PORT:80']],
  ['a port that is none', ['Host: localhost:evil']],
  ['a path', ['Host: localhost/evil.example']],
  ['a fragment', ['Host: localhost#evil.example']],
  ['percent signs', ['Host: %6cocalhost']],
  ['letters of another width', ['Host: \uff4cocalhost']],
  ['a list', ['Host: localhost, evil.example']],
  ['nothing', ['Host: ']],
  ['no header', []],
  ['two headers, the good one first', ['Host: localhost', 'Host: evil.example']],
  ['two headers, the good one last', ['Host: evil.example', 'Host: localhost']],
  ['a forwarded host', ['Host: evil.example', 'X-Forwarded-Host: localhost']],
  ['a forwarded host by the standard', ['Host: evil.example', 'Forwarded: host=localhost']],
  ['an original host', ['Host: evil.example', 'X-Original-Host: localhost', 'X-Host: localhost']],
  ['a target with a host of its own', ['Host: localhost:PORT'], 'http://evil.example'],
  ['a target with another port', ['Host: localhost:PORT'], 'http://localhost:1'],
  ['a target with a user', ['Host: localhost:PORT'], 'http://evil.example@localhost:PORT'],
  ['a good target for a foreign host', ['Host: evil.example'], 'http://localhost:PORT'],
];

const FOREIGN_ORIGINS = [
  'http://evil.example',
  'https://evil.example:PORT',
  'null',
  'file://',
  'http://localhost.evil.example',
  'http://evil.localhost',
  'http://localhost.',
  'http://127.0.0.1.evil.example',
  'http://evil.example#localhost',
  'http://localhost@evil.example',
  'http://evil.example@localhost',
  'http://localhost/evil.example',
  'http://localhost:PORT/',
  'http://2130706433',
  'http://0x7f.1',
  'http://[::]',
  'http://[::ffff:127.0.0.1]',
  'http://0.0.0.0',
  'http://localhost, http://evil.example',
  'chrome-extension://abcdefghijklmnop',
  'ws://localhost',
  '//localhost',
  'localhost',
  '',
];

interface Asked {
  readonly what: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly lines?: readonly string[];
  readonly body?: string;
  /** What only an answer has. */
  readonly answer: RegExp;
}

/** What each port is asked, as a page elsewhere could have a browser do. */
const PORTS: Readonly<Record<string, { port: () => number; asked: readonly Asked[] }>> = {
  'the API': {
    port: () => portOf(api.server.http),
    asked: [
      { what: 'a probe', method: 'GET', path: '/livez', answer: /"live"/ },
      {
        what: 'a query',
        method: 'POST',
        path: '/graphql',
        lines: ['Content-Type: application/json'],
        body: '{"query":"{ server { name } }"}',
        answer: /"name"/,
      },
    ],
  },
  'the local pool': {
    port: () => Number(new URL(api.localPool.endpoint).port),
    asked: [
      { what: 'the pool', method: 'GET', path: '/local-pool', answer: /poolId/ },
      {
        what: 'an operation of the pool',
        method: 'POST',
        path: '/',
        lines: [
          'Content-Type: application/x-amz-json-1.1',
          'X-Amz-Target: AWSCognitoIdentityProviderService.ListUserPools',
          'Authorization: AWS4-HMAC-SHA256 any',
        ],
        body: '{"MaxResults":1}',
        answer: /"UserPools"/,
      },
    ],
  },
  'the port of metrics': {
    port: () => portOf(api.server.metrics),
    asked: [{ what: 'metrics', method: 'GET', path: '/metrics', answer: /lifeguard_/ }],
  },
};

let api: TestApi;
let signIn: Asked;
beforeAll(async () => {
  api = await startApi({
    database: await testDatabase(),
    swept: false,
    environment: { SYNC_INTERVAL: '0', METRICS_PORT: '0' },
  });
  for (const listener of [api.server.http, api.server.metrics])
    await listener?.listen({ host: '127.0.0.1', port: 0 });
  signIn = await signInForm();
});
afterAll(() => api.close());

function portOf(listener: FastifyInstance | undefined): number {
  const address = listener?.server.address();
  if (typeof address !== 'object' || address === null) throw new Error('Nobody listens.');
  return address.port;
}

/** The form of the sign-in page, filled in rightly, with the cookie that belongs to it. */
async function signInForm(): Promise<Asked> {
  const { cognito, poolId: UserPoolId, clientId: ClientId } = api;
  const { UserPoolClient } = await cognito.send(
    new DescribeUserPoolClientCommand({ UserPoolId, ClientId }),
  );
  const path = `/login?${new URLSearchParams({
    response_type: 'code',
    client_id: ClientId,
    redirect_uri: UserPoolClient?.CallbackURLs?.[0] ?? '',
    scope: 'openid',
  })}`;
  const page = await fetch(api.localPool.endpoint + path);
  const [cookie = ''] = page.headers.getSetCookie().map((line) => line.split(';', 1)[0] ?? '');
  const [, token = ''] = cookie.split('=');
  const form = { _csrf: token, username: 'uma@example.com', password: SEEDED_PASSWORD };
  return {
    what: 'the sign-in form',
    method: 'POST',
    path,
    lines: ['Content-Type: application/x-www-form-urlencoded', `Cookie: ${cookie}`],
    body: String(new URLSearchParams(form)),
    answer: /^location: .*[?&]code=/im,
  };
}

describe.each(Object.entries(PORTS))('At %s', (name, { port, asked }) => {
  /** What is asked there, and what is answered. */
  const all = () => (name === 'the local pool' ? [...asked, signIn] : asked);

  async function ask({ method, path, lines: own = [], body = '' }: Asked, request: Request) {
    const [, lines, target = ''] = request;
    const length = method === 'POST' ? [`Content-Length: ${body.length}`] : [];
    const head = [
      `${method} ${target}${path} HTTP/1.1`,
      ...[...lines, ...own, ...length, 'Connection: close', '', ''],
    ].join('\r\n');
    return exchange(port(), [head.replaceAll('PORT', String(port())) + body]);
  }

  const toldBy = ({ headers, body }: RawAnswer) =>
    [...[...headers].map(([name, value]) => `${name}: ${value}`), body].join('\n');

  test.each(FOREIGN_HOSTS)('a request is refused whose host is %s', async (...request) => {
    for (const asked of all()) {
      const answer = await ask(asked, request);
      expect([400, 403]).toContain(answer.status);
      expect(toldBy(answer)).not.toMatch(asked.answer);
      expect(answer.headers.has('set-cookie')).toBe(false);
    }
  });

  test.each(FOREIGN_ORIGINS)('a request is refused of a page of "%s"', async (origin) => {
    for (const asked of all()) {
      const lines = ['Host: localhost:PORT', `Origin: ${origin}`];
      const answer = await ask(asked, ['', lines]);
      expect(answer.status).toBe(403);
      expect(toldBy(answer)).not.toMatch(asked.answer);
      expect(answer.headers.has('access-control-allow-origin')).toBe(false);
    }
  });

  test.each([
    ['localhost', ['Host: localhost:PORT']],
    ['LOCALHOST', ['Host: LOCALHOST:PORT']],
    ['the address', ['Host: 127.0.0.1:PORT']],
    ['IPv6', ['Host: [::1]:PORT', 'Origin: http://[::1]:PORT']],
  ])('a request to %s is answered', async (what, lines) => {
    for (const asked of all()) {
      const answer = await ask(asked, [what, lines]);
      expect([asked.what, answer.status]).toEqual([asked.what, asked === signIn ? 302 : 200]);
      expect(toldBy(answer)).toMatch(asked.answer);
    }
  });

  test('a request of a page at another port is answered, but for a form that is not its own', async () => {
    const lines = ['Host: 127.0.0.1:PORT', 'Origin: http://localhost:5173'];
    for (const asked of all()) {
      const { status } = await ask(asked, ['', lines]);
      expect([asked.what, status]).toEqual([asked.what, asked === signIn ? 403 : 200]);
    }
  });
});

test('there are 41 foreign hosts and 24 foreign origins', () => {
  expect(FOREIGN_HOSTS).toHaveLength(41);
  expect(FOREIGN_ORIGINS).toHaveLength(24);
});
