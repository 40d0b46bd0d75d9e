import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { UniqueConstraintViolationException } from '@mikro-orm/core';
import type { Logger } from 'pino';
import { createLog } from '../../src/log/index.js';
import { fixtureServer, post } from '../http/fixture-server.js';
import { bytesOf, exchange } from '../http/hostile/exchange.js';

const TOKEN = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl';
const EMAIL = 'ada.lovelace@example.com';

function logged(write: (log: Logger) => void): { text: string; line: Record<string, unknown> } {
  let text = '';
  const destination = {
    write: (line: string) => {
      text += line;
    },
  };
  write(createLog({ level: 'trace', destination }));
  return { text, line: JSON.parse(text) };
}

describe('Neither a token nor an e-mail address is logged from', () => {
  test.each<[string, (log: Logger) => void]>([
    ['a message', (log) => log.info(`${EMAIL} sent ${TOKEN}`)],
    ['a format argument', (log) => log.info('%s sent %o', EMAIL, { x: TOKEN })],
    ['an error', (log) => log.error(new Error(`${EMAIL} ${TOKEN}`))],
    [
      'an error beside a text',
      (log) => log.error({ err: new Error(`${EMAIL} ${TOKEN}`) }, 'failed'),
    ],
    ['a cause', (log) => log.error({ err: new Error('x', { cause: new Error(EMAIL + TOKEN) }) })],
    ['several errors', (log) => log.error({ err: new AggregateError([new Error(TOKEN)], EMAIL) })],
    ['an error under another key', (log) => log.error({ reason: new Error(EMAIL) })],
    [
      'an error’s own properties',
      (log) =>
        log.error(
          Object.assign(new Error('x'), { detail: EMAIL, query: TOKEN, parameters: [EMAIL] }),
        ),
    ],
    ['an odd key', (log) => log.info({ 'x-odd': `Bearer ${TOKEN}`, who: { mail: EMAIL } })],
    [
      'a path',
      (log) => log.info({ path: `/people/${encodeURIComponent(EMAIL)}/${TOKEN}` }, 'request'),
    ],
    ['a child', (log) => log.child({ authorization: TOKEN, who: EMAIL }).info('x')],
    [
      'an entity',
      (log) =>
        log.info({
          user: new (class User {
            email = EMAIL;
          })(),
        }),
    ],
    ['a map', (log) => log.info({ people: new Map([[EMAIL, TOKEN]]) })],
  ])('%s', (_where, write) => {
    const { text } = logged(write);
    expect(text).not.toContain(EMAIL);
    expect(text).not.toContain('lovelace');
    expect(text).not.toContain(TOKEN);
    expect(text).not.toContain('c2lnbmF0dXJl');
  });
});

test.each([
  'authorization',
  'Authorization',
  'cookie',
  'set-cookie',
  'token',
  'accessToken',
  'refresh_token',
  'password',
  'email',
  'phoneNumber',
  'phone_number',
  'name',
  'givenName',
  'family_name',
  'address',
  'picture',
  'birthdate',
  'variables',
])('the value of %s is withheld at any depth', (key) => {
  const { line, text } = logged((log) =>
    log.info({ [key]: 'private', a: { b: [{ [key]: { c: 'private' } }] } }),
  );
  expect(line[key]).toBe('[withheld]');
  expect(text).not.toContain('private');
});

test('an error is told by its type, code, place and cause', () => {
  const cause = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  const { line } = logged((log) =>
    log.error({ err: new TypeError('broken', { cause }) }, 'failed'),
  );
  expect(line).toMatchObject({
    level: 'error',
    msg: 'failed',
    err: {
      type: 'TypeError',
      message: 'broken',
      stack: expect.stringContaining('log.unit.test'),
      cause: { type: 'Error', code: 'ECONNREFUSED' },
    },
  });
});

test('of a database error the constraint is told and the row is not', () => {
  const native = Object.assign(
    new Error(
      'duplicate key value violates unique constraint "app_user_phone"\n - detail: Key (phone)=(+44 20 7946 0018) already exists.',
    ),
    {
      code: '23505',
      constraint: 'app_user_phone',
      detail: 'Key (phone)=(+44 20 7946 0018) already exists.',
    },
  );
  const { line, text } = logged((log) => log.error(new UniqueConstraintViolationException(native)));
  expect(line.msg).toBe('duplicate key value violates unique constraint "app_user_phone"');
  expect(line.err).toMatchObject({ code: '23505', constraint: 'app_user_phone' });
  expect(text).not.toContain('7946');
});

test('a value that PostgreSQL quotes is withheld', () => {
  const error = Object.assign(new Error('invalid input syntax for type uuid: "Grace"'), {
    code: '22P02',
  });
  expect(logged((log) => log.error(error)).text).not.toContain('Grace');
});

test('the credentials of a connection string are withheld', () => {
  const { text } = logged((log) => log.info('postgres://app:hunter2@db.example.com/app'));
  expect(text).not.toContain('hunter2');
  expect(text).toContain('db.example.com');
});

test.each(['\n', '\t', '\b\f\r', '\\', '\\\n', '"', '\u0001', 'C:\\u0041', '😀'])(
  'a line stays JSON where an e-mail address follows on %j',
  (before) => {
    const { text, line } = logged((log) => log.info({ note: `${before}${EMAIL}` }, 'x'));
    expect(text).not.toContain('lovelace');
    expect(line.note).toBe(`${before.replace('u0041', '')}[e-mail]`);
  },
);

test('the path of a package with a scope stays readable', () => {
  expect(
    logged((log) => log.info('at /srv/node_modules/@fastify/cors/index.js:1:2')).text,
  ).toContain('/node_modules/@fastify/cors/index.js:1:2');
});

describe('A request is one line', () => {
  test('with operation, viewer and duration, without query string and variables', async () => {
    const server = await fixtureServer();
    const body = {
      query: 'query Greet($milliseconds: Int!) { slow(milliseconds: $milliseconds) }',
      variables: { milliseconds: 1, private: 'private' },
    };
    await server.app.inject({
      method: 'POST',
      url: '/graphql?private=1',
      headers: { authorization: 'Bearer good', 'x-request-id': 'r-1' },
      payload: body,
    });
    expect(server.logged()).toEqual([
      {
        level: 'info',
        time: expect.any(String),
        requestId: 'r-1',
        method: 'POST',
        path: '/graphql',
        status: 200,
        duration: expect.any(Number),
        operationName: 'Greet',
        operationType: 'query',
        viewer: 'person',
        userId: '0192f0c1-0000-7000-8000-000000000000',
        msg: 'request',
      },
    ]);
    await server.app.close();
  });

  test.each(['destroy', 'resetAndDestroy'] as const)(
    'also when the client does not wait for the answer (%s)',
    async (leave) => {
      const server = await fixtureServer();
      const port = await server.listen();
      const body = JSON.stringify({ query: 'query Slow { slow(milliseconds: 400) }' });
      const headers = { host: '127.0.0.1', 'content-type': 'application/json' };
      await exchange(port, bytesOf({ headers, body }), (socket) =>
        setTimeout(() => socket[leave](), 100),
      );
      // Until what was asked for is done, which nobody waits for.
      await sleep(500);
      const lines = server.logged().filter(({ msg }) => msg === 'request');
      expect(lines).toEqual([
        expect.objectContaining({ status: 499, operationName: 'Slow', viewer: 'anonymous' }),
      ]);
      expect(lines[0]?.duration).toBeGreaterThan(50);
      expect(lines[0]?.duration).toBeLessThan(400);
      await server.app.close();
    },
  );

  test('also when its body cannot be read, with the status and the id that were answered', async () => {
    const server = await fixtureServer();
    const [head = ''] = bytesOf({
      headers: {
        host: '127.0.0.1',
        'content-type': 'application/json',
        'transfer-encoding': 'chunked',
        'x-request-id': 'r-2',
      },
    });
    const bytes = [head, 'no size of a chunk\r\n'];
    const { status, headers } = await exchange(await server.listen(), bytes);
    expect([status, headers.get('x-request-id')]).toEqual([400, 'r-2']);
    const lines = server.logged().filter(({ msg }) => !String(msg).startsWith('Server listening'));
    expect(lines).toEqual([
      expect.objectContaining({
        msg: 'request',
        requestId: 'r-2',
        status: 400,
        reasons: ['malformed'],
      }),
    ]);
    await server.app.close();
  });

  test('also when it is refused, and nothing of its token is in it', async () => {
    const server = await fixtureServer();
    await post(server, { query: '{ hello }' }, { authorization: `Bearer ${TOKEN}` });
    expect(server.logged()).toEqual([
      expect.objectContaining({
        status: 401,
        path: '/graphql',
        codes: ['UNAUTHENTICATED'],
        reasons: ['invalid'],
      }),
    ]);
    expect(server.logText()).not.toContain('eyJ');
    await server.app.close();
  });

  test('beside the details of an error that the answer masks, under one request id', async () => {
    const server = await fixtureServer();
    const answer = await post(server, { query: '{ fails(how: "INTERNAL_SERVER_ERROR") }' });
    const { requestId } = answer.json().errors[0].extensions;
    expect(server.logged()).toEqual([
      expect.objectContaining({
        level: 'error',
        requestId,
        err: expect.objectContaining({ type: 'Error' }),
      }),
      expect.objectContaining({ level: 'info', requestId, msg: 'request' }),
    ]);
    expect(server.logText()).not.toContain('ada.secret');
    await server.app.close();
  });
});
