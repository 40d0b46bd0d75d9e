import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { forge, good, keys, otherForge, pool, second, trap } from '../auth/hostile-fixture.js';
import { MATRIX } from '../auth/hostile-matrix.js';
import { asking, hostileServer } from '../auth/hostile-server.js';
import type { ProductionServer } from '../support/production-server.js';
import { AUTHORIZATIONS, type HeaderLines } from './hostile/authorizations.js';
import { exchange, type RawAnswer } from './hostile/exchange.js';

const TOKENS = Object.entries(MATRIX).flatMap(([group, cases]) =>
  cases.map(([name, token]): [string, string] => [`${group} ${name}`, token]),
);
/** Whatever no header can hold never comes to the server; a space in front is one behind the scheme. */
const SENT = TOKENS.filter(
  ([, token]) => /^(?! )[\t\x20-\x7e]*$/.test(token) && token.length < 15_000,
);

/** Milliseconds in which keys that are not known cause one load at most. */
const UNKNOWN_KEY_PAUSE = 10_000;

let server: ProductionServer;
let began: number;
/** Of the keys of both pools, before the first hostile token. */
let loads: number;
beforeAll(async () => {
  server = await hostileServer({ LIMIT_FAILED_TOKENS: '100000' });
  began = performance.now();
  loads = keys.requests.length;
});
afterAll(() => server.close());

function send(lines: HeaderLines): Promise<RawAnswer> {
  const body = '{"query":"{ __typename }"}';
  const head = [
    'POST /graphql HTTP/1.1',
    'Host: api.example.com',
    'Connection: close',
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    ...lines,
  ];
  return exchange(server.port, [`${head.join('\r\n')}\r\n\r\n${body}`]);
}

/** What of an answer has to be the same for all. */
function told({ status, headers, body }: RawAnswer) {
  const [error] = JSON.parse(body).errors ?? [];
  if (error === undefined) return `${status} ${body}`;
  const { message, extensions } = error;
  const challenge = headers.get('www-authenticate');
  return `${status} ${challenge} ${extensions.code} ${extensions.reason} ${message}`;
}

const CHALLENGED = '401 Bearer error="invalid_token" UNAUTHENTICATED';
const INVALID = `${CHALLENGED} invalid The access token is not valid.`;
const MALFORMED = `${CHALLENGED} malformed The Authorization header is malformed.`;

test('there are 335 hostile tokens that a header can hold and 30 hostile headers, all different', () => {
  expect(SENT.length).toBe(335);
  expect(new Set(SENT.map(([, token]) => token)).size).toBe(SENT.length);
  expect(new Set(AUTHORIZATIONS.map(([, lines]) => lines.join())).size).toBe(30);
});

test('every hostile token is refused by 401, the challenge, and a constant message', async () => {
  const others: string[] = [];
  for (const [name, token] of SENT) {
    const answer = told(await send([`Authorization: Bearer ${token}`]));
    // What is no token by its letters is refused for the header that it is in.
    const expected = /^[\w.~+/-]+=*$/.test(token) && token.length < 8_186 ? INVALID : MALFORMED;
    if (answer !== expected) others.push(`${name}: ${answer}`);
  }
  expect(others).toEqual([]);
});

test.each(AUTHORIZATIONS)('a good token is refused that comes with %s', async (_what, lines) => {
  expect(told(await send(lines))).toBe(MALFORMED);
});

test.each([
  ['the query string', '/graphql?access_token=', ''],
  ['a cookie', '/graphql', 'Cookie: access_token='],
  ['another header', '/graphql', 'X-Authorization: Bearer '],
  ['a header of proxies', '/graphql', 'Proxy-Authorization: Bearer '],
])('a token in %s does not count', async (_where, target, header) => {
  const inTarget = header === '';
  const head = [
    `GET ${target}${inTarget ? `${good}&` : '?'}query=%7Bviewer%7Bkind%7D%7D HTTP/1.1`,
    'Host: api.example.com',
    'Connection: close',
    'Content-Type: application/json',
    ...(inTarget ? [] : [`${header}${good}`]),
  ];
  const answer = await exchange(server.port, [`${head.join('\r\n')}\r\n\r\n`]);
  expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer']);
});

test('expired and id tokens are refused alike, with reasons of their own', async () => {
  const now = Math.floor(Date.now() / 1000);
  const expired = forge.accessToken({ exp: now - 60, iat: now - 3660 });
  const refused = async (token: string) => told(await send([`Authorization: Bearer ${token}`]));
  expect(await refused(expired)).toBe(INVALID.replace(' invalid ', ' expired '));
  expect(await refused(forge.idToken())).toBe(INVALID.replace(' invalid ', ' id_token '));
});

test('the tokens that the hostile ones were made from are accepted', async () => {
  for (const token of [good, second.accessToken(), otherForge.accessToken()])
    expect((await send([`Authorization: ${asking(token).authorization}`])).status).toBe(200);
});

test('nothing was fetched but the keys of the pools, once more each for unknown ones in ten seconds', () => {
  const pauses = Math.floor((performance.now() - began) / UNKNOWN_KEY_PAUSE);
  const later = keys.requests.slice(loads);
  const ofPool = later.filter((path) => path === `/${pool.id}/.well-known/jwks.json`).length;
  expect(ofPool).toBeGreaterThanOrEqual(1);
  expect(ofPool).toBeLessThanOrEqual(1 + pauses);
  expect(keys.requests.every((path) => path.endsWith('/.well-known/jwks.json'))).toBe(true);
  expect(later.length).toBeLessThanOrEqual(2 * (1 + pauses));
  expect(trap.requests).toEqual([]);
});
