import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startApi, type TestApi } from '../support/api.js';
import { testDatabase } from '../support/database.js';
import { exchange } from './hostile/exchange.js';

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

let api: TestApi;
beforeAll(async () => {
  api = await startApi({
    database: await testDatabase(),
    swept: false,
    environment: { SYNC_INTERVAL: '0' },
  });
  await api.server.http.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(() => api.close());

const PORTS = {
  'the API': { port: () => portOf(api.server.http.server.address()), path: '/livez' },
  'the local pool': {
    port: () => Number(new URL(api.localPool.endpoint).port),
    path: '/local-pool',
  },
};

/** It listens on TCP, so the address is no path. */
const portOf = (address: AddressInfo | string | null) => (address as AddressInfo).port;

describe.each(Object.entries(PORTS))('At %s', (_name, { port, path }) => {
  async function get([, lines, target = '']: Request) {
    const text = [`GET ${target}${path} HTTP/1.1`, ...lines, 'Connection: close', '', ''].join(
      '\r\n',
    );
    return exchange(port(), [text.replaceAll('PORT', String(port()))]);
  }

  test.each(FOREIGN_HOSTS)('a request is refused whose host is %s', async (...request) => {
    const { status, body } = await get(request);
    expect([400, 403]).toContain(status);
    expect(body).not.toMatch(/live|poolId/);
  });

  test.each(FOREIGN_ORIGINS)('a request is refused of a page of "%s"', async (origin) => {
    const { status, headers } = await get(['', ['Host: localhost:PORT', `Origin: ${origin}`]]);
    expect(status).toBe(403);
    expect(headers.get('access-control-allow-origin')).toBeUndefined();
  });

  test.each([
    ['localhost', ['Host: localhost:PORT']],
    ['LOCALHOST', ['Host: LOCALHOST:PORT']],
    ['the address', ['Host: 127.0.0.1:PORT', 'Origin: http://localhost:5173']],
    ['IPv6', ['Host: [::1]:PORT', 'Origin: http://[::1]:PORT']],
  ])('a request to %s is answered', async (what, lines) => {
    expect((await get([what, lines])).status).toBe(200);
  });
});
